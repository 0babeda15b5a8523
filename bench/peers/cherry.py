"""Cherry LLM (arXiv 2308.12032) as its paper and METHODS §2 describe it, with torch and transformers, one record at a time.

    python cherry.py MODEL_DIR DATA.jsonl OUT.json [--max-length 512]

cond and direct are over the same response tokens: after the Alpaca prompt, and after `### Response:` alone. A record whose
prompt and response exceed the window, or whose response has no token, is skipped: all three are null. prompt is L(Q) over
the instruction (and input) where they stand in the template. The tokenizer puts its BOS where it has one.
"""
import torch

from common import arguments, load, records, summed, write

WITH_INPUT = ('Below is an instruction that describes a task, paired with an input that provides further context. '
              'Write a response that appropriately completes the request.\n\n'
              '### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n### Response:')
WITHOUT_INPUT = ('Below is an instruction that describes a task. '
                 'Write a response that appropriately completes the request.\n\n'
                 '### Instruction:\n{instruction}\n\n### Response:')
HEADER = '### Response:'


def token_losses(model, ids):
    """Loss of every token but the first, at its place; the first has none."""
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0]
    losses = torch.nn.functional.cross_entropy(logits[:-1], torch.tensor(ids[1:]), reduction='none')
    return [0.0, *losses.tolist()]


def mean_of(losses):
    return summed(sum(losses) / len(losses), len(losses)) if losses else None


def measure(tokenizer, model, record, max_length, two_passes=False):
    skipped = {'cond': None, 'direct': None, 'prompt': None}
    template = WITHOUT_INPUT if record['input'] == '' else WITH_INPUT
    prompt = template.format_map(record)
    output = record['output']
    whole, alone = prompt + output, HEADER + output
    whole_ids, alone_ids = tokenizer.encode(whole), tokenizer.encode(alone)
    start = len(tokenizer.encode(whole[:whole.rfind(output)]))
    header = len(tokenizer.encode(alone[:alone.rfind(output)]))
    if output == '' or len(whole_ids) > max_length or len(alone_ids) > max_length or len(whole_ids) <= start or len(alone_ids) <= header:
        return skipped
    # The question's place: from behind the template's head to before the blank line that the header follows.
    head = prompt[:prompt.index('### Instruction:\n') + len('### Instruction:\n')]
    question_ids = tokenizer.encode(prompt[:-len('\n\n' + HEADER)])
    return {
        'cond': mean_of(token_losses(model, whole_ids)[start:]),
        'direct': mean_of(token_losses(model, alone_ids)[header:]),
        'prompt': None if two_passes else mean_of(token_losses(model, question_ids)[len(tokenizer.encode(head)):]),
    }


def main():
    options = arguments(__doc__, 512)
    tokenizer, model = load(options.model)
    write(options.out, [measure(tokenizer, model, record, options.max_length, options.two_passes) for record in records(options.data)])


if __name__ == '__main__':
    main()
