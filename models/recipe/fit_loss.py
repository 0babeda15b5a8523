#!/usr/bin/env python3
"""Fits the calibration of the embedded loss estimate and reports cross-validated agreement.

usage: fit_loss.py FEATURES.json OUT.json CHECK.json [REPEATS]
FEATURES.json comes from dumpFeatures.mjs. Targets, in nats a token: `direct` = L(A) from the features of the response alone, and
`gain` = L(A|Q) - L(A) from all of them; L(A|Q) is their sum, so that IFD and the losses never disagree.
Both are blends of trees and a kernel regression (a Gaussian process' mean under an exponential kernel, on features bent to normal
quantiles and scaled by how much each says alone, with k-means centres in place of the rows). `gain` is drawn by RECONCILE towards what a
fit of L(A|Q) itself says. The targets of `gain` and of the kernels are clipped to their 1st..99th percentile: a handful of two-token
responses reach +-8 nats. Needs numpy, scipy and scikit-learn; nothing of them ships.
"""
import json
import sys

import numpy as np
from scipy.stats import norm, spearmanr
from sklearn.cluster import KMeans
from sklearn.ensemble import ExtraTreesRegressor, GradientBoostingRegressor
from sklearn.model_selection import KFold


CENTRES, NOISE, KNOTS, FLOOR, RECONCILE = 600, .2, 33, .2, .25


class Kernel:
    """Kernel ridge on centres; several targets share the centres. Its features: see models/embedded and kernelModel.ts."""

    def __init__(self, x, targets, seed):
        targets = np.stack([clip(t) for t in targets], 1)
        p = np.linspace(0, 1, KNOTS)
        bends = norm.ppf(p.clip(.006, .994))
        self.knots, self.bends = [], []
        for column in x.T:
            knots, index = np.unique(np.array([float(f'{q:.6g}') for q in np.quantile(column, p)]), return_inverse=True)
            self.knots.append(knots)
            self.bends.append(np.round(np.bincount(index, bends) / np.bincount(index), 4))
        self.scale = np.ones(x.shape[1])
        z = self.bend(x)
        alone = np.array([np.mean([abs(spearmanr(column, t)[0]) if column.std() > 0 else 0 for t in targets.T]) for column in z.T])
        scale = FLOOR + alone
        self.scale = np.round(scale / np.sqrt((scale ** 2).mean()), 4)
        z = self.bend(x)
        self.decay, self.linear = round(.5 / np.sqrt(x.shape[1]), 6), round(.1 / x.shape[1], 6)
        self.centres = np.round(KMeans(min(CENTRES, len(x)), n_init=1, max_iter=10, random_state=seed).fit(z).cluster_centers_, 2)
        self.mean, spread = targets.mean(0), targets.std(0)
        at_rows, at_centres = self.kernel(z), self.kernel(self.centres)
        fit = np.linalg.solve(at_rows.T @ at_rows + NOISE * at_centres + 1e-6 * np.eye(len(at_centres)), at_rows.T @ ((targets - self.mean) / spread))
        self.weights = fit * spread

    def bend(self, x):
        return np.stack([np.interp(column, k, b) for column, k, b in zip(x.T, self.knots, self.bends)], 1) * self.scale

    def kernel(self, z):
        product = z @ self.centres.T
        square = (z * z).sum(1)[:, None] + (self.centres * self.centres).sum(1)[None] - 2 * product
        return np.exp(-self.decay * np.sqrt(np.maximum(square, 0))) + self.linear * product

    def predict(self, x):
        return self.kernel(self.bend(x)) @ self.weights + self.mean

    def as_json(self, shares):
        return {'knots': [k.tolist() for k in self.knots], 'bends': [b.tolist() for b in self.bends], 'scale': self.scale.tolist(),
                'decay': self.decay, 'linear': self.linear, 'centres': self.centres.tolist(), 'weights': np.round(self.weights @ shares, 6).tolist()}


def boosted(seed):
    return GradientBoostingRegressor(loss='huber', alpha=.9, n_estimators=220, max_depth=4, learning_rate=.05, subsample=.5,
                                     max_features=.2, min_samples_leaf=8, random_state=seed)


def random_trees(seed):
    return ExtraTreesRegressor(100, min_samples_leaf=5, max_features=.7, random_state=seed, n_jobs=1)


def clip(t):
    return np.clip(t, *np.quantile(t, [.01, .99]))


def centre(model_out, truth):
    """Shift that puts the median of the predictions of rows it was not fitted on where the truth's is."""
    return float(np.median(truth) - np.median(model_out))


def fit_direct(x, t, seed):
    """Trees and a kernel, with the share of each of the kernel's targets."""
    return {'trees': [(boosted(seed).fit(x, t), .5)], 'kernel': Kernel(x, [t], seed), 'shares': np.array([.5]), 'ofDirect': 0.}


def fit_gain(x, t, cond, seed):
    own = 1 - RECONCILE
    return {'trees': [(random_trees(seed).fit(x, clip(t)), .2 * own), (boosted(seed).fit(x, clip(t)), .2 * own)],
            'kernel': Kernel(x, [t, cond], seed), 'shares': np.array([.6 * own, RECONCILE]), 'ofDirect': -RECONCILE}


def predict(blend, x, direct=0.):
    return sum(w * m.predict(x) for m, w in blend['trees']) + blend['kernel'].predict(x) @ blend['shares'] + blend['ofDirect'] * direct


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


def as_model(blend, shift, x):
    trees, base = [], shift + float(blend['kernel'].mean @ blend['shares'])
    for model, weight in blend['trees']:
        if isinstance(model, GradientBoostingRegressor):
            base += weight * float(np.ravel(model.init_.predict(x[:1]))[0])
            trees += [as_tree(t[0].tree_, weight * model.learning_rate) for t in model.estimators_]
        else:
            trees += [as_tree(t.tree_, weight / len(model.estimators_)) for t in model.estimators_]
    model = {'trees': {'base': round(base, 6), 'trees': trees}, 'kernel': blend['kernel'].as_json(blend['shares'])}
    return {**model, 'ofDirect': blend['ofDirect']} if blend['ofDirect'] else model


def evaluate(model, row):
    """What models/embedded is defined to mean; the engine's tests repeat it."""
    trees, kernel = model['trees'], model['kernel']
    total = trees['base']
    for t in trees['trees']:
        i = 0
        while t['feature'][i] >= 0:
            i = i + 1 if np.float32(row[t['feature'][i]]) <= t['value'][i] else t['right'][i]
        total += t['value'][i]
    point = np.array([np.interp(v, k, b) for v, k, b in zip(row, kernel['knots'], kernel['bends'])]) * kernel['scale']
    for centre, weight in zip(np.array(kernel['centres']), kernel['weights']):
        total += weight * (np.exp(-kernel['decay'] * np.sqrt(((point - centre) ** 2).sum())) + kernel['linear'] * point @ centre)
    return float(total)


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
            g[test] = predict(fit_gain(x[train], gain[train], cond[train], repeat), x[test], d[test])
        shifts_d.append(centre(d, direct))
        shifts_g.append(centre(g, gain))
        figures.append([spearmanr(g, gain)[0], spearmanr(d, direct)[0], spearmanr(d + g, cond)[0],
                        np.median(np.exp(g)) - np.median(np.exp(gain)), np.median(d) - np.median(direct), np.median(d + g) - np.median(cond),
                        np.abs(g - gain).mean(), np.abs(d - direct).mean(), np.abs(d + g - cond).mean()])
        print(repeat, np.round(figures[-1][:3], 4), flush=True)
    mean, sd = np.mean(figures, 0), np.std(figures, 0)
    labels = ['ifdSpearman', 'directSpearman', 'condSpearman', 'ifdMedianError', 'directMedianError', 'condMedianError', 'gainMae', 'directMae', 'condMae']
    for label, m, s in zip(labels, mean, sd):
        print(f'{label:18s} {m:+.4f} (sd over {repeats} repeats {s:.4f})')

    shift_d, shift_g = float(np.mean(shifts_d)), float(np.mean(shifts_g))
    model = {
        'id': 'embedded@2', 'rows': len(rows), 'crossValidated': {label: round(float(m), 4) for label, m in zip(labels, mean)},
        'features': names, 'aloneFeatures': len(alone),
        'direct': as_model(fit_direct(x[:, alone], direct, 0), shift_d, x[:, alone]),
        'gain': as_model(fit_gain(x, gain, cond, 0), shift_g + RECONCILE * shift_d, x),
    }
    with open(out, 'w', encoding='utf-8') as f:
        json.dump(model, f, separators=(',', ':'))
        f.write('\n')
    print('shifts', shift_d, shift_g)
    print('nodes', sum(len(t['feature']) for k in ('direct', 'gain') for t in model[k]['trees']['trees']))
    # Made-up vectors of the features' usual size: what the engine must compute from this very file.
    made_up = np.round(x.mean(0) + x.std(0) * np.random.default_rng(0).normal(size=(6, x.shape[1])), 4)
    with open(check, 'w', encoding='utf-8') as f:
        json.dump([{'features': row.tolist(), 'direct': round(evaluate(model['direct'], row[alone]), 6), 'gain': round(evaluate(model['gain'], row), 6)} for row in made_up], f)
        f.write('\n')


if __name__ == '__main__':
    main(*sys.argv[1:4], int(sys.argv[4]) if len(sys.argv) > 4 else 5)
