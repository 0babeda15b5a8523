#!/usr/bin/env python3
"""Builds models/embedded/topics.bin: what GPT-2 tokens are about, as short vectors.

usage: build_topics.py TOKENS_FOLDER ENCODER.json OUT.bin
ENCODER.json is GPT-2's own vocabulary. Tokens that differ only in case or in the space before them count as one.
Positive pointwise mutual information of content tokens within ten tokens of each other, factored by a truncated SVD.
Layout, little endian: 'CPTP', u8 version 1, u8 dimensions, u16 rows, u16 tokens; tokens x (u16 token id, u16 row); rows x u8
weight (inverse document frequency, sixteenths); rows x dimensions i8 vector of length 127.
"""
import json
import sys

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags
from sklearn.utils.extmath import randomized_svd

ROWS, DIMENSIONS, WINDOW, END = 10000, 48, 10, 50256
WEIGHTS = {'qa': 2, 't0_p3': 1, 'text-00': 1, 'text-01': 1, 'cpp_docs': 1}


def main(folder, encoder, out):
    ids = json.load(open(encoder, encoding='utf-8'))
    canonical = np.arange(END + 1, dtype=np.uint16)
    for text, token in ids.items():
        plain = text.lstrip('\u0120').lower()
        if plain.isalpha():
            canonical[token] = ids.get('\u0120' + plain, ids.get(plain, token))
    streams = [canonical[np.fromfile(f'{folder}/{name}.u16', '<u2')] for name in WEIGHTS]
    documents = np.zeros(END + 1)
    total = 0
    for stream in streams:
        doc = np.cumsum(stream == END)
        pairs = np.unique(doc.astype(np.uint64) << np.uint64(16) | stream)
        documents += np.bincount((pairs & np.uint64(0xFFFF)).astype(np.int64), minlength=END + 1)
        total += int(doc[-1])
    documents[END] = 0
    idf = np.log(total / np.maximum(documents, 1))
    candidates = np.where((idf > 2.2) & (documents >= 25), documents, 0)
    rows = np.sort(np.argsort(-candidates, kind='stable')[:ROWS])
    index = np.full(END + 1, -1)
    index[rows] = np.arange(ROWS)
    counts = csr_matrix((ROWS, ROWS))
    for stream, weight in zip(streams, WEIGHTS.values()):
        for shift in range(1, WINDOW + 1):
            a, b = index[stream[:-shift]], index[stream[shift:]]
            keep = (a >= 0) & (b >= 0) & (a != b)
            counts = counts + coo_matrix((np.full(keep.sum(), float(weight)), (a[keep], b[keep])), shape=(ROWS, ROWS)).tocsr()
    counts = counts + counts.T
    marginal = np.asarray(counts.sum(1)).ravel() + 1
    smooth = marginal ** .75
    coo = counts.tocoo()
    keep = coo.data >= 3
    pmi = np.log(coo.data[keep] * smooth.sum() / (marginal[coo.row[keep]] * smooth[coo.col[keep]]))
    positive = pmi > 0
    matrix = csr_matrix((pmi[positive], (coo.row[keep][positive], coo.col[keep][positive])), shape=(ROWS, ROWS))
    u, s, _ = randomized_svd(matrix, DIMENSIONS, random_state=0, n_iter=4)
    vectors = u * np.sqrt(s)
    # What all words share says nothing about a subject.
    vectors -= np.average(vectors, axis=0, weights=documents[rows])
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    tokens = np.flatnonzero(index[canonical] >= 0)
    with open(out, 'wb') as f:
        f.write(b'CPTP' + bytes([1, DIMENSIONS]) + np.array([ROWS, len(tokens)], '<u2').tobytes())
        f.write(np.stack([tokens, index[canonical[tokens]]], 1).astype('<u2').tobytes())
        f.write(np.clip(np.rint(idf[rows] * 16), 1, 255).astype(np.uint8).tobytes())
        f.write(np.rint(vectors * 127).astype(np.int8).tobytes())
    print('rows', ROWS, 'tokens', len(tokens), 'least documents', documents[rows].min())


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2], sys.argv[3])
