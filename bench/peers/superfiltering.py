"""Superfiltering (arXiv 2402.00530) as its paper and METHODS §2 describe it, with torch and transformers, one record at a time.

    python superfiltering.py MODEL_DIR DATA.jsonl OUT.json [--max-length 1024]

cond is L(A|Q) over all response tokens, direct L(A) over the second and later ones, prompt L(Q) over the second and later
tokens of the instruction without its last newline. No BOS, no template.
"""
import torch

from common import arguments, load, records, summed, write


def encode(tokenizer, text, max_length=None):
    cut = {} if max_length is None else {'truncation': True, 'max_length': max_length}
    return tokenizer.encode(text, add_special_tokens=False, **cut)


def mean_loss(model, ids, start):
    """Mean cross-entropy of ids[start:] and how many they are; the first id has nothing before it."""
    labels = torch.tensor([ids])
    labels[0, :start] = -100
    scored = len(ids) - max(1, start)
    if scored <= 0:
        return 0.0, 0
    with torch.no_grad():
        return model(torch.tensor([ids]), labels=labels).loss.item(), scored


def whole_text(tokenizer, model, text, max_length):
    ids = encode(tokenizer, text, max_length)
    return summed(*mean_loss(model, ids, 0))


def part_text(tokenizer, model, text, span, max_length):
    ids = encode(tokenizer, text, max_length)
    start = len(encode(tokenizer, text[:text.rfind(span)]))
    return summed(*mean_loss(model, ids, start))


def measure(tokenizer, model, record, max_length, two_passes=False):
    instruction, given, output = record['instruction'], record['input'], record['output']
    question = instruction if given == '' else f'{instruction}\n{given}'
    prompt = question + '\n'
    asked = len(encode(tokenizer, prompt, max_length))
    return {
        'cond': part_text(tokenizer, model, prompt + output, output, max_length) if output != '' else None,
        'direct': whole_text(tokenizer, model, output, max_length - asked + 1) if output != '' else None,
        'prompt': None if two_passes else whole_text(tokenizer, model, question, max_length),
    }


def main():
    options = arguments(__doc__, 1024)
    tokenizer, model = load(options.model)
    write(options.out, [measure(tokenizer, model, record, options.max_length, options.two_passes) for record in records(options.data)])


if __name__ == '__main__':
    main()
