#!/usr/bin/env python3
"""Builds models/embedded/ngrams.bin: a pruned backed-off trigram model over GPT-2 tokens.

usage: build_ngrams.py TOKENS_FOLDER OUT.bin [LOG2_SLOTS]
Layout, little endian: 'CPNG', u8 version 1, u8 log2(slots), u16 vocabulary size, then per token u8 cost; then per slot u16
fingerprint (0 = free), then per slot u8 cost. A cost is -ln p in sixteenths of a nat. Bigrams and trigrams share one table,
linear probing; the hash is `mix` below. What is not in the table backs off with a fixed cost (ngramModel.ts).
"""
import sys

import numpy as np

VOCABULARY, NONE, DISCOUNT, BACKOFF = 50257, 0xFFFF, .75, .916
WEIGHTS = {'qa': 2, 't0_p3': 1, 'text-00': 1, 'text-01': 1, 'cpp_docs': 1}


def mix(a, b, c):
    with np.errstate(over='ignore'):
        h = (a.astype(np.uint32) * np.uint32(0x9E3779B1)) ^ (b.astype(np.uint32) * np.uint32(0x85EBCA6B)) ^ (c.astype(np.uint32) * np.uint32(0xC2B2AE35))
        h ^= h >> np.uint32(15)
        h = h * np.uint32(0x2C1B3C6D)
        h ^= h >> np.uint32(12)
        h = h * np.uint32(0x297A2D39)
        h ^= h >> np.uint32(15)
    return h


def quantise(cost):
    return np.clip(np.rint(cost * 16), 1, 255).astype(np.uint8)


def count(keys):
    """Distinct keys and their weighted counts."""
    unique, index = np.unique(np.concatenate([k for k, _ in keys]), return_inverse=True)
    weights = np.concatenate([np.full(len(k), w, np.float64) for k, w in keys])
    return unique, np.bincount(index, weights)


def main(folder, out, log2_slots):
    streams = [(np.fromfile(f'{folder}/{name}.u16', '<u2'), weight) for name, weight in WEIGHTS.items()]
    c1 = sum(w * np.bincount(t, minlength=VOCABULARY).astype(np.float64) for t, w in streams)
    total = c1.sum()
    cost1 = -np.log((c1 + .3) / (total + .3 * VOCABULARY))

    k2, c2 = count([((t[:-1].astype(np.uint64) << np.uint64(16)) | t[1:], w) for t, w in streams])
    u, v = (k2 >> np.uint64(16)).astype(np.int64), (k2 & np.uint64(0xFFFF)).astype(np.int64)
    keep = c2 >= 4
    cost2 = -np.log((c2 - DISCOUNT) / c1[u] + .2 * np.exp(-cost1[v]))
    gain2 = c2 * (cost1[v] + BACKOFF - cost2)
    order = np.flatnonzero(keep & (gain2 > 0))
    k3, c3 = count([((t[:-2].astype(np.uint64) << np.uint64(32)) | (t[1:-1].astype(np.uint64) << np.uint64(16)) | t[2:], w) for t, w in streams])
    keep3 = c3 >= 5
    k3, c3 = k3[keep3], c3[keep3]
    ctx = np.searchsorted(k2, k3 >> np.uint64(16))
    low = np.searchsorted(k2, k3 & np.uint64(0xFFFFFFFF))
    cost3 = -np.log((c3 - DISCOUNT) / c2[ctx] + .2 * np.exp(-cost2[low]))
    gain3 = c3 * (cost2[low] + BACKOFF - cost3)

    slots = 1 << log2_slots
    room = int(slots * .86)
    gains = np.concatenate([gain2[order], np.where(gain3 > 0, gain3, 0)])
    best = np.sort(np.argsort(-gains, kind='stable')[:room])
    two, three = order[best[best < len(order)]], best[best >= len(order)] - len(order)
    entries_a = np.concatenate([np.full(len(two), NONE), (k3[three] >> np.uint64(32)).astype(np.int64)])
    entries_b = np.concatenate([u[two], ((k3[three] >> np.uint64(16)) & np.uint64(0xFFFF)).astype(np.int64)])
    entries_c = np.concatenate([v[two], (k3[three] & np.uint64(0xFFFF)).astype(np.int64)])
    costs = quantise(np.concatenate([cost2[two], cost3[three]]))
    print(f'tokens {total:.0f}, bigrams {len(two)}, trigrams {len(three)}')

    hashes = mix(entries_a.astype(np.uint32), entries_b.astype(np.uint32), entries_c.astype(np.uint32))
    marks, values = np.zeros(slots, '<u2'), np.zeros(slots, np.uint8)
    clashes = 0
    for h, cost in zip(hashes.tolist(), costs.tolist()):
        slot, mark = h & (slots - 1), (h >> 16) or 1
        while marks[slot] != 0 and marks[slot] != mark:
            slot = (slot + 1) & (slots - 1)
        clashes += marks[slot] != 0
        marks[slot], values[slot] = mark, cost
    print(f'clashes {clashes}')
    with open(out, 'wb') as f:
        f.write(b'CPNG' + bytes([1, log2_slots]) + np.array([VOCABULARY], '<u2').tobytes())
        f.write(quantise(cost1).tobytes() + marks.tobytes() + values.tobytes())


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 18)
