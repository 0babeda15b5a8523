"""What both procedures share: loading a checkpoint, reading records, writing what was measured."""
import argparse, json, os

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast


def arguments(description, max_length):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('model', help='folder of the checkpoint')
    parser.add_argument('data', help='JSONL with instruction, input (or none) and output')
    parser.add_argument('out', help='JSON: for each record cond, direct and prompt as {sum, tokens} or null')
    parser.add_argument('--max-length', type=int, default=max_length)
    parser.add_argument('--two-passes', action='store_true', help='leave L(Q) out, as the published scripts do')
    return parser.parse_args()


def load(folder):
    file = os.path.join(folder, 'tokenizer.json')
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=file) if os.path.exists(file) else AutoTokenizer.from_pretrained(folder)
    # In a dataset `<|endoftext|>` is text.
    tokenizer.split_special_tokens = True
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    return tokenizer, model


def records(path):
    with open(path, encoding='utf-8') as file:
        for line in file:
            if line.strip():
                row = json.loads(line)
                # A lone surrogate is no text; every tool writes U+FFFD for it.
                yield {field: ''.join('\ufffd' if 0xD800 <= ord(c) <= 0xDFFF else c for c in row.get(field) or '') for field in ('instruction', 'input', 'output')}


def summed(mean, tokens):
    """A mean over no token is no number."""
    return {'sum': mean * tokens, 'tokens': tokens} if tokens > 0 else None


def write(path, measured):
    with open(path, 'w', encoding='utf-8') as file:
        file.write('[\n' + ',\n'.join(json.dumps(one) for one in measured) + '\n]\n')
