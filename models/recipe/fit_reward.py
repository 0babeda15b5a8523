#!/usr/bin/env python3
"""Sets the weights of the embedded reward: models/embedded/reward.json.

usage: fit_reward.py PAIRS.json OUT.json
PAIRS.json comes from dumpReward.mjs: real responses of the training text against shuffled, truncated, corrupted, scrambled
and repeated ones. The weights are a pairwise logistic regression around hand-set priors: each weight keeps the sign of its
prior, and a quadratic penalty pulls it back to it. What the pairs cannot show (how much length, layout and refusals matter
among real answers) stays at its prior. No judged data takes part.
"""
import json
import sys

import numpy as np
from scipy.optimize import minimize

# feature: (prior weight, learnt from pairs?). In units of the logit of the reward.
PRIORS = {
    'relevance': (4., True), 'topic': (.7, False), 'coverage': (1.5, False),
    'substance': (3., False), 'detail': (6., False), 'structure': (.7, False),
    'missingList': (-.4, False), 'missingNumber': (-.8, True), 'missingCode': (-1., False),
    'missingCount': (-.8, False), 'missingVerse': (-1., False), 'overLimit': (-1., False),
    'cutOff': (-1.4, True), 'startsClean': (.2, False), 'repetition': (-4., True), 'loops': (-3., False), 'garbled': (-2.2, True),
    'mojibake': (-3., True), 'leak': (-8., False), 'refusal': (-3., False), 'echo': (-1.5, False), 'empty': (-3., False),
}
KINDS = {'shuffled': 1.5, 'truncated': 1., 'corrupted': 1., 'scrambled': .5, 'repeated': 1.}
PULL = .03
# Pairs only fix the order. This shrinks the logits so that weak but sound answers do not all end at 0.
TEMPERATURE = .35


def main(source, out):
    data = json.load(open(source, encoding='utf-8'))
    names = data['names']
    prior = np.array([PRIORS[n][0] for n in names])
    free = np.array([PRIORS[n][1] for n in names])
    diff = np.array([np.array(p['good']) - np.array(p['bad']) for p in data['pairs']])
    share = np.array([KINDS[p['kind']] * (1 if p['file'] == 'qa' else .7) for p in data['pairs']])
    share /= share.sum()

    def loss(w):
        z = diff @ w
        p = 1 / (1 + np.exp(np.clip(z, -40, 40)))
        value = share @ np.logaddexp(0, -z) + PULL * np.mean(((w - prior) / prior) ** 2)
        return value, -(diff * (share * p)[:, None]).sum(0) + 2 * PULL * (w - prior) / prior ** 2 / len(w)

    bounds = [((.4 * p, 2.5 * p) if p > 0 else (2.5 * p, .4 * p)) if f else (p, p) for p, f in zip(prior, free)]
    weights = minimize(loss, prior, jac=True, bounds=bounds, method='L-BFGS-B').x
    good = np.array([p['good'] for p in data['pairs'] if p['file'] == 'qa'])
    neutral = np.where(weights > 0, np.median(good, 0), 0.)
    # An undamaged, ordinary response lands at .6.
    # A clean end is worth saying, so the neutral end is a slightly unclean one.
    neutral[names.index('cutOff')] = .1
    z = diff @ weights
    shrunk = weights * TEMPERATURE
    base = np.log(.6 / .4) - float(np.median((good - neutral) @ shrunk))
    for kind in KINDS:
        print(kind, ' '.join(f"{f} {np.mean([z[i] > 0 for i, p in enumerate(data['pairs']) if p['kind'] == kind and p['file'] == f]):.3f}" for f in ('qa', 't0_p3')))
    file = {'id': 'embedded@2', 'base': round(base, 4),
            'features': {n: {'weight': round(float(w), 4), 'neutral': round(float(m), 4)} for n, w, m in zip(names, shrunk, neutral)}}
    for n, w, p in zip(names, weights, prior):
        print(f'{n:14s} {w:+.3f} (prior {p:+.2f})')
    with open(out, 'w', encoding='utf-8') as f:
        json.dump(file, f, indent=1)
        f.write('\n')


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2])
