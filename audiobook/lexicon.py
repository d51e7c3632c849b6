from audiobook.model import Utterance


class Lexicon:
    def apply(self, utterance: Utterance) -> Utterance:
        return utterance


def find(own: object) -> Lexicon:
    return Lexicon()
