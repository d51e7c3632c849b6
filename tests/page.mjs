// What the page does in a real browser.  usage: node page.mjs FOLDER_WITH_PUPPETEER FOLDER_OF_THE_EDITION
// Prints JSON: for each step true, or what was found instead.  Exit 2: no browser.
import fs from "fs";
import path from "path";
import { createRequire } from "module";

const [, , tools, edition] = process.argv;
const name = path.basename(edition);
const page = (file) => `file://${edition}/${file}`;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

let browser;
try {
  const puppeteer = createRequire(path.join(tools, "x.js"))("puppeteer");
  const executablePath = process.env.PUPPETEER_EXECUTABLE_PATH ?? "/usr/bin/chromium";
  browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox", "--mute-audio"] });
} catch (error) {
  console.error(error.message);
  process.exit(2);
}
const tab = await browser.newPage();
const outside = [];
tab.on("request", (request) => { if (!/^(file|data):/.test(request.url())) outside.push(request.url()); });
tab.on("pageerror", (error) => outside.push(error.message));
const found = {};

const state = () => tab.evaluate(() => {
  const audio = document.querySelector("audio");
  const current = (kind) => [...document.querySelectorAll(`${kind}[aria-current]`)];
  const [sentence] = current(".said");
  const start = sentence ? sentence.id.slice(1) / 1000 : null;
  return {
    time: audio.currentTime, paused: audio.paused, start, focus: document.activeElement.tagName,
    marks: [current(".said").length, current(".from").length, current("nav a").length].join(),
    all: [...document.querySelectorAll(".said")].map((each) => each.id.slice(1) / 1000),
    box: sentence?.getBoundingClientRect().top, height: innerHeight,
  };
});
// A sentence is heard and marked, with its paragraph and its chapter.
const plays = (now, start) =>
  (!now.paused && now.start === start && now.time >= start - 0.02 && now.time < start + 2 && now.marks === "1,1,1") || now;
const press = async (selector, index, key) => {
  await (await tab.$$(selector))[index].focus();
  await tab.keyboard.press(key);
  await wait(500);
  return state();
};

await tab.goto(page(`${name}.html`));
await wait(400);
let now = await state();
found.silent = (now.paused && now.time === 0 && now.marks === "0,0,0") || now;
const { all } = now;
found.paragraph = plays(await press(".from", 0, "Enter"), all[0]);
now = await press("button", 1, "Space");
found.next = (now.focus === "BUTTON" && plays(now, all[1])) || now;
found.back = plays(await press("button", 0, "Enter"), all[0]);
const chapter = await tab.evaluate(() => Number(document.querySelector("#c4 .said").id.slice(1)) / 1000);
found.chapter = plays(await press("nav a", 3, "Enter"), chapter);
await tab.setViewport({ width: 500, height: 600 });
await tab.evaluate(() => document.querySelectorAll(".said")[2].click());
await tab.evaluate(() => { document.querySelector(".said[aria-current]")?.scrollIntoView(); });
await wait(200);
await tab.evaluate((end) => { document.querySelector("audio").currentTime = end - 0.4; }, all[3]);
await wait(1500);
now = await state();
found.follows = (plays(now, all[3]) === true && now.box > 0 && now.box < now.height) || now;

await tab.goto(page(`${name}.repairs.html`));
const link = await tab.$('.repairs li:nth-child(20) a[href*=".html#"]');
const target = Number((await link.evaluate((element) => element.hash)).slice(2)) / 1000;
await Promise.all([tab.waitForNavigation(), link.click()]);
await wait(600);
now = await state();
const ready = now.paused && now.start === target && now.focus === "AUDIO" && now.box > 0 && now.box < now.height;
await tab.keyboard.press("Space");
await wait(500);
found.report = (ready && plays(await state(), target)) || now;

await tab.setJavaScriptEnabled(false);
await tab.goto(page(`${name}.html`));
const href = await tab.$eval(".from", (element) => element.getAttribute("href"));
const shown = await tab.$eval(".tools", (element) => getComputedStyle(element).display);
found.scriptless = (fs.existsSync(path.join(edition, href.split("#")[0])) && shown === "none") || { href, shown };
found.offline = outside.length === 0 || outside;

await browser.close();
console.log(JSON.stringify(found));
