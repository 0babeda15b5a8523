#!/usr/bin/env python3
"""Fits the calibration of the embedded loss estimate and reports cross-validated agreement.

usage: fit_loss.py FEATURES.json OUT.json CHECK.json [REPEATS]
FEATURES.json comes from dumpFeatures.mjs. Two targets, in nats a token: `direct` = L(A) from the features of the response
alone, and `gain` = L(A|Q) - L(A) from all of them; L(A|Q) is their sum, so that IFD and the losses never disagree.
`direct` is boosted trees under a Huber loss; `gain` is the mean of such trees and extremely randomised trees. The `gain`
targets are clipped to their 1st..99th percentile: a handful of two-token responses reach +-8 nats.
Needs numpy, scipy and scikit-learn; nothing of them ships.
"""
import json
import sys

import numpy as np
from scipy.stats import spearmanr
from sklearn.ensemble import ExtraTreesRegressor, GradientBoostingRegressor
from sklearn.model_selection import KFold


def boosted(seed):
    return GradientBoostingRegressor(loss='huber', alpha=.9, n_estimators=220, max_depth=4, learning_rate=.05, subsample=.5,
                                     max_features=.2, min_samples_leaf=8, random_state=seed)


def random_trees(seed):
    return ExtraTreesRegressor(100, min_samples_leaf=5, max_features=.7, random_state=seed, n_jobs=2)


def clip(t):
    return np.clip(t, *np.quantile(t, [.01, .99]))


def centre(model_out, truth):
    """Shift that puts the median of the predictions of rows it was not fitted on where the truth's is."""
    return float(np.median(truth) - np.median(model_out))


def fit_direct(x, t, seed):
    return [(boosted(seed).fit(x, t), 1.)]


def fit_gain(x, t, seed):
    return [(random_trees(seed).fit(x, clip(t)), .5), (boosted(seed).fit(x, clip(t)), .5)]


def predict(parts, x):
    return sum(w * m.predict(x) for m, w in parts)


def as_tree(tree, scale, leaf_digits=4):
    """Preorder: the left child of node i is i + 1, `right[i]` its right child; feature -1 marks a leaf with its value."""
    feature, value, right = [], [], []

    def walk(node):
        here = len(feature)
        if tree.children_left[node] < 0:
            feature.append(-1)
            value.append(round(float(tree.value[node].ravel()[0]) * scale, leaf_digits + 1))
            right.append(0)
            return
        feature.append(int(tree.feature[node]))
        value.append(float(f'{tree.threshold[node]:.6g}'))
        right.append(0)
        walk(tree.children_left[node])
        right[here] = len(feature)
        walk(tree.children_right[node])

    walk(0)
    return {'feature': feature, 'value': value, 'right': right}


def as_model(parts, shift, x):
    trees, base = [], shift
    for model, weight in parts:
        if isinstance(model, GradientBoostingRegressor):
            base += weight * float(np.ravel(model.init_.predict(x[:1]))[0])
            trees += [as_tree(t[0].tree_, weight * model.learning_rate) for t in model.estimators_]
        else:
            trees += [as_tree(t.tree_, weight / len(model.estimators_)) for t in model.estimators_]
    return {'base': round(base, 6), 'trees': trees}


def evaluate(model, row):
    """What models/embedded is defined to mean; the engine's tests repeat it."""
    total = model['base']
    for t in model['trees']:
        i = 0
        while t['feature'][i] >= 0:
            i = i + 1 if np.float32(row[t['feature'][i]]) <= t['value'][i] else t['right'][i]
        total += t['value'][i]
    return total


def main(source, out, check, repeats):
    data = json.load(open(source, encoding='utf-8'))
    names = data['names']
    rows = [r for r in data['rows'] if r['direct'] and r['cond'] and r['x']]
    x = np.array([r['x'] for r in rows])
    direct, cond = np.log([r['direct'] for r in rows]), np.log([r['cond'] for r in rows])
    gain = cond - direct
    alone = [i for i, n in enumerate(names) if n.startswith('alone.')]
    figures, shifts_d, shifts_g = [], [], []
    for repeat in range(repeats):
        d, g = np.zeros(len(x)), np.zeros(len(x))
        for train, test in KFold(5, shuffle=True, random_state=repeat).split(x):
            d[test] = predict(fit_direct(x[train][:, alone], direct[train], repeat), x[test][:, alone])
            g[test] = predict(fit_gain(x[train], gain[train], repeat), x[test])
        shifts_d.append(centre(d, direct))
        shifts_g.append(centre(g, gain))
        figures.append([spearmanr(g, gain)[0], spearmanr(d, direct)[0], spearmanr(d + g, cond)[0],
                        np.median(np.exp(g)) - np.median(np.exp(gain)), np.median(d) - np.median(direct), np.median(d + g) - np.median(cond),
                        np.abs(g - gain).mean(), np.abs(d - direct).mean(), np.abs(d + g - cond).mean()])
    mean, sd = np.mean(figures, 0), np.std(figures, 0)
    labels = ['ifdSpearman', 'directSpearman', 'condSpearman', 'ifdMedianError', 'directMedianError', 'condMedianError', 'gainMae', 'directMae', 'condMae']
    for label, m, s in zip(labels, mean, sd):
        print(f'{label:18s} {m:+.4f} (sd over {repeats} repeats {s:.4f})')

    shift_d, shift_g = float(np.mean(shifts_d)), float(np.mean(shifts_g))
    model = {
        'id': 'embedded@2', 'rows': len(rows), 'crossValidated': {label: round(float(m), 4) for label, m in zip(labels, mean)},
        'features': names, 'aloneFeatures': len(alone),
        'direct': as_model(fit_direct(x[:, alone], direct, 0), shift_d, x[:, alone]),
        'gain': as_model(fit_gain(x, gain, 0), shift_g, x),
    }
    with open(out, 'w', encoding='utf-8') as f:
        json.dump(model, f, separators=(',', ':'))
        f.write('\n')
    print('shifts', shift_d, shift_g)
    print('nodes', sum(len(t['feature']) for k in ('direct', 'gain') for t in model[k]['trees']))
    # Made-up vectors of the features' usual size: what the engine must compute from this very file.
    made_up = np.round(x.mean(0) + x.std(0) * np.random.default_rng(0).normal(size=(6, x.shape[1])), 4)
    with open(check, 'w', encoding='utf-8') as f:
        json.dump([{'features': row.tolist(), 'direct': round(evaluate(model['direct'], row[alone]), 6), 'gain': round(evaluate(model['gain'], row), 6)} for row in made_up], f)
        f.write('\n')


if __name__ == '__main__':
    main(*sys.argv[1:4], int(sys.argv[4]) if len(sys.argv) > 4 else 5)
