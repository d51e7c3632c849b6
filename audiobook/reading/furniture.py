"""What stands around a text: what belongs to the site or to paper, and not to the author's words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audiobook.reading.notes import classes, kinds
from audiobook.reading.tree import Element

TAGS = frozenset({"nav", "footer", "aside", "menu"})
ROLES = frozenset(
    "alertdialog banner complementary contentinfo dialog menu menubar navigation search tablist toolbar".split()
)
# Of EPUB and of WAI-ARIA for digital publishing: lists of pages and places, which lead nowhere by ear.
LISTS = frozenset("toc landmarks page-list pagelist loi lot loa lov index pagebreak".split())
CLASSES = re.compile(
    r"(?:.*-)?(?:nav|navbar|navigation|navbox|menu|sidebar|breadcrumbs?|footer|masthead|comments?|comment-list|respond"
    r"|disqus-thread|share|sharing|sharedaddy|social|related|related-(?:posts|articles|links)|recommended|recirculation"
    r"|promo|advert|advertisement|ads?|sponsored|cookies?|cookie-(?:banner|notice)|consent|newsletter|subscribe"
    r"|signup|paywall|popup|modal|toc|pagination|pager|skip-link|screen-reader-text|sr-only|visually-hidden|noprint"
    r"|mw-editsection|mw-jump-link|catlinks|printfooter)(?:-(?:container|wrapper|section|list|links|block|area|box))?"
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
LARGE = 0.4
"""The share of a page's text from which an element is no furniture, whatever it is called."""
LINKS = 3
"""Links in a block from which it may be a menu."""
LINKED = 0.7
"""The share of linked letters from which such a block is one."""


def hidden(page: Element) -> set[Element]:
    """Return what a reader of the page doesn't see."""
    return {one for one in page.elements() if one.tag not in ("html", "body") and _is_hidden(one)}


def lists(page: Element) -> set[Element]:
    """Return the contents, lists of pages and indexes of a book."""
    return {one for one in page.elements() if one.tag != "body" and kinds(one) & LISTS}


def find(root: Element) -> set[Element]:
    """Return a web page's furniture below its root; of pieces in each other the outermost."""
    return set(_outermost(root, LARGE * len(root.text())))


def _outermost(element: Element, most: float) -> Iterator[Element]:
    for child in element.children:
        if not isinstance(child, Element):
            continue
        if (_says_so(child) or _is_menu(child)) and len(child.text()) <= most and not _has_title(child):
            yield child
        else:
            yield from _outermost(child, most)


def _has_title(element: Element) -> bool:
    return any(one.tag == "h1" for one in element.elements())


def article(page: Element) -> Element:
    """Return the element that holds a page's text: the page's word for it where there is one, else its body."""
    body = next((one for one in page.elements() if one.tag == "body"), page)
    for wanted in (_is_body_of_article, _is_main, _is_article):
        found = [one for one in body.elements() if wanted(one)]
        sizes = {one: _prose(one) for one in found}
        best = max(found, key=lambda one: sizes[one], default=None)
        # Several of a size are teasers of articles, and the page is about them all.
        if best is not None and sizes[best] > 0.6 * _prose(body):
            return best
    return body


def _is_hidden(element: Element) -> bool:
    return (
        "hidden" in element.attributes
        or element.get("aria-hidden") == "true"
        or bool(HIDDEN.search(element.get("style")))
    )


def _says_so(element: Element) -> bool:
    return (
        element.tag in TAGS
        or bool(kinds(element) & (ROLES | LISTS))
        or any(CLASSES.fullmatch(name) for name in classes(element) if len(name) <= 60)
    )


def _is_menu(element: Element) -> bool:
    if element.tag not in ("ul", "ol", "div", "table", "section"):
        return False
    links = [one for one in element.elements() if one.tag == "a"]
    linked = sum(len(one.text()) for one in links)
    return len(links) >= LINKS and linked > LINKED * len(element.text())


def _is_body_of_article(element: Element) -> bool:
    return "articlebody" in element.get("itemprop").lower().split()


def _is_main(element: Element) -> bool:
    return element.tag == "main" or "main" in kinds(element)


def _is_article(element: Element) -> bool:
    return element.tag == "article"


def _prose(element: Element) -> int:
    """Return how much of an element's text stands in paragraphs, in code points."""
    return sum(len(one.text()) for one in element.elements() if one.tag in ("p", "pre", "blockquote", "li"))
