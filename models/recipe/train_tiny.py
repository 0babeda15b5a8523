#!/usr/bin/env python3
"""Trains the small causal language model that ships as `models/tiny`: a Llama-style decoder with a byte-level BPE of its own.

usage: train_tiny.py TRAIN_FOLDER OUT_FOLDER MINUTES [--threads 2] [--hidden 192] [--layers 6] [--vocabulary 8192]

Reads the gzip JSONL of TRAIN_FOLDER alone. Pairs stand as `instruction`, newline, `output` (the `plain` template), and now and then as the
output by itself, because scoring asks for both. The learning rate follows the clock, so a run that shares its machine still ends on
time; the context grows from 512 to 1,024 tokens in the last tenth. Writes tokenizer.json, config.json, model.safetensors (float16)
and run.json. Needs torch, transformers and tokenizers; nothing of them ships.
"""
import argparse
import gzip
import json
import math
import os
import random
import time

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

END = '<|endoftext|>'
# Shares of documents that are kept: pairs whole, templated tasks and novels thinned out.
KEEP = {'qa': 1., 't0_p3': .45, 'text-00': 1., 'text-01': 1., 'cpp_docs': .5}
KEEP_NOVEL = .08
OUTPUT_ALONE = .3


def documents(folder, seed):
    rng = random.Random(seed)
    for name, share in KEEP.items():
        with gzip.open(os.path.join(folder, f'{name}.jsonl.gz'), 'rt', encoding='utf-8') as lines:
            for line in lines:
                row = json.loads(line)
                keep = KEEP_NOVEL if 'ELTeC' in row.get('source', '') or 'eltec' in row.get('source', '') else share
                if rng.random() >= keep:
                    continue
                if 'text' in row:
                    yield row['text']
                elif rng.random() < OUTPUT_ALONE:
                    yield row['output']
                else:
                    yield row['instruction'] + '\n' + row['output']


def train_tokenizer(texts, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=[END], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def newton_schulz(g, steps=5):
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g / (g.norm() + 1e-7)
    flip = x.size(0) > x.size(1)
    x = x.T if flip else x
    for _ in range(steps):
        y = x @ x.T
        x = a * x + (b * y + c * y @ y) @ x
    return x.T if flip else x


class Muon(torch.optim.Optimizer):
    """Momentum whose update is made orthogonal (Jordan et al. 2024): for the matrices inside the blocks."""

    def __init__(self, parameters, lr, momentum=.95, decay=.01):
        super().__init__(parameters, {'lr': lr, 'momentum': momentum, 'decay': decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                velocity = self.state[p].setdefault('velocity', torch.zeros_like(p))
                velocity.lerp_(p.grad, 1 - group['momentum'])
                update = newton_schulz(p.grad.lerp(velocity, group['momentum']))
                p.mul_(1 - group['lr'] * group['decay'])
                p.add_(update, alpha=-group['lr'] * math.sqrt(max(1, p.size(0) / p.size(1))))


def main():
    options = argparse.ArgumentParser()
    options.add_argument('train')
    options.add_argument('out')
    options.add_argument('minutes', type=float)
    options.add_argument('--threads', type=int, default=2)
    options.add_argument('--hidden', type=int, default=192)
    options.add_argument('--layers', type=int, default=6)
    options.add_argument('--vocabulary', type=int, default=8192)
    options.add_argument('--batch', type=int, default=8192, help='tokens a step')
    options = options.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    os.makedirs(options.out, exist_ok=True)

    texts = list(documents(options.train, 1))
    random.Random(2).shuffle(texts)
    tokenizer = train_tokenizer(texts[::4], options.vocabulary)
    tokenizer.save(os.path.join(options.out, 'tokenizer.json'))
    end = tokenizer.token_to_id(END)
    ids = []
    for first in range(0, len(texts), 1000):
        for encoded in tokenizer.encode_batch(texts[first:first + 1000]):
            ids += encoded.ids + [end]
    data = torch.from_numpy(np.array(ids, dtype=np.int64))
    bytes_each = sum(len(t.encode()) for t in texts) / len(data)
    held_out, data = data[:65536], data[65536:]
    print(f'{len(texts)} documents, {len(data)} tokens, {bytes_each:.2f} bytes a token', flush=True)

    heads = options.hidden // 32
    config = LlamaConfig(
        vocab_size=options.vocabulary, hidden_size=options.hidden, intermediate_size=options.hidden * 8 // 3 // 32 * 32, num_hidden_layers=options.layers,
        num_attention_heads=heads, num_key_value_heads=heads // 2 if heads % 2 == 0 else heads, max_position_embeddings=1024, rms_norm_eps=1e-5,
        tie_word_embeddings=True, bos_token_id=end, eos_token_id=end, attention_bias=False, initializer_range=.02)
    model = LlamaForCausalLM(config)
    print(f'{model.num_parameters() / 1e6:.2f} M parameters', flush=True)
    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and 'embed' not in n]
    others = [p for n, p in model.named_parameters() if p.ndim != 2 or 'embed' in n]
    optimizers = [(Muon(matrices, lr=.02), .02), (torch.optim.AdamW(others, lr=4e-3, betas=(.9, .98), weight_decay=0), 4e-3)]

    def loss_of(batch):
        logits = model(input_ids=batch).logits[:, :-1]
        return torch.nn.functional.cross_entropy(logits.reshape(-1, logits.size(-1)), batch[:, 1:].reshape(-1))

    def held_out_loss():
        model.eval()
        with torch.no_grad():
            loss = sum(float(loss_of(held_out[i:i + 8192].view(-1, 1024))) for i in range(0, len(held_out), 8192)) / (len(held_out) / 8192)
        model.train()
        return loss

    def save():
        shadow = LlamaForCausalLM(config)
        shadow.load_state_dict(model.state_dict())
        shadow.half().save_pretrained(options.out)
        PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END, bos_token=END).save_pretrained(options.out)

    began = time.time()
    total = options.minutes * 60
    step = seen = epoch = 0
    cursor, order, width = 0, None, 0
    history = []
    while (done := (time.time() - began) / total) < 1:
        wanted = 512 if done < .9 else 1024
        if wanted != width or cursor + options.batch // width > len(order):
            width, cursor, epoch = wanted, 0, epoch + 1
            offset = random.Random(epoch).randrange(width)
            order = torch.randperm((len(data) - offset) // width, generator=torch.Generator().manual_seed(epoch))
        rows = order[cursor:cursor + options.batch // width]
        cursor += len(rows)
        batch = torch.stack([data[offset + r * width:offset + (r + 1) * width] for r in rows.tolist()])
        rate = min(1, (step + 1) / 40) * (1 if done < .35 else max(.02, (1 - done) / .65))
        for optimizer, base in optimizers:
            for group in optimizer.param_groups:
                group['lr'] = base * rate
        loss = loss_of(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.)
        for optimizer, _ in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        step += 1
        seen += batch.numel()
        if step % 50 == 0:
            minutes = (time.time() - began) / 60
            line = {'step': step, 'tokens': seen, 'minutes': round(minutes, 1), 'loss': round(float(loss), 3)}
            if step % 250 == 0:
                line['held_out'] = round(held_out_loss(), 4)
                save()
            history.append(line)
            print(json.dumps(line), flush=True)
    final = held_out_loss()
    save()
    result = {'parameters': model.num_parameters(), 'steps': step, 'tokens': seen, 'minutes': options.minutes, 'threads': options.threads,
              'held_out_nats_per_token': round(final, 4), 'held_out_nats_per_byte': round(final / bytes_each, 4), 'history': history}
    with open(os.path.join(options.out, 'run.json'), 'w') as file:
        json.dump(result, file, indent=1)
    print(json.dumps({k: v for k, v in result.items() if k != 'history'}))


main()
