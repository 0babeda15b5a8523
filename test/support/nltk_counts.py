"""Expected numbers for test/core/scores/words.test.ts: `len(nltk.word_tokenize(text))` with an untrained Punkt.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install nltk
    /tmp/venv/bin/python test/support/nltk_counts.py ../shared/data/alpaca_union.jsonl output

Prints the number of texts, the sum of their counts, a checksum that depends on every single count (see `checksum`), and the counts
of 200 lines spread over the file. No text leaves the file. With one argument, reads JSON strings, one a line, and prints a count each:

    printf '"Hello, world."\\n' | /tmp/venv/bin/python test/support/nltk_counts.py -

Written with NLTK 3.10.3.
"""

import json
import sys

from nltk.tokenize.destructive import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktSentenceTokenizer

sentences = PunktSentenceTokenizer()
words = NLTKWordTokenizer()


def count(text):
    return sum(len(words.tokenize(sentence)) for sentence in sentences.tokenize(text))


def checksum(counts):
    total = 0
    for number in counts:
        total = (total * 31 + number) % 1_000_000_007
    return total


if len(sys.argv) == 2:
    source = sys.stdin if sys.argv[1] == "-" else open(sys.argv[1], encoding="utf8", newline="\n")
    for line in source:
        print(count(json.loads(line)))
else:
    with open(sys.argv[1], encoding="utf8", newline="\n") as source:
        counts = [count(json.loads(line)[sys.argv[2]]) for line in source if line.strip()]
    step = len(counts) // 200
    print("texts", len(counts), "sum", sum(counts), "checksum", checksum(counts))
    print("every", step, counts[::step][:200])
