"""Saves a GPT-2 with random weights in the published shape (124 M parameters unless told), to measure speed with.

    python random_gpt2.py OUT --vocabulary DIR [--layers 12] [--heads 12] [--width 768]

DIR holds GPT-2's own vocabulary as OpenAI published it: encoder.json and vocab.bpe.
"""

import argparse
import pathlib
import shutil

import torch
import transformers


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("out", type=pathlib.Path)
    arguments.add_argument("--vocabulary", type=pathlib.Path, required=True)
    arguments.add_argument("--layers", type=int, default=12)
    arguments.add_argument("--heads", type=int, default=12)
    arguments.add_argument("--width", type=int, default=768)
    options = arguments.parse_args()
    torch.manual_seed(0)
    config = transformers.GPT2Config(n_layer=options.layers, n_head=options.heads, n_embd=options.width)
    transformers.GPT2LMHeadModel(config).save_pretrained(options.out)
    shutil.copyfile(options.vocabulary / "encoder.json", options.out / "vocab.json")
    shutil.copyfile(options.vocabulary / "vocab.bpe", options.out / "merges.txt")


if __name__ == "__main__":
    main()
