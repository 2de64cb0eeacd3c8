"""Boosted trees over what is believed or not, for the command beside it.

Standard input: a line of JSON, {"names": [...], "folds": n, "rounds": n,
"leaf": n}; then a line a judgement: its fold, its weight, 1 or 0 for right or
wrong, then NUMBER:VALUE for each feature. Standard output: JSON, the trees
learnt from all folds but the first, from all but the second, ..., from all.
"""
import json
import sys

import lightgbm
import numpy
import scipy.sparse

# The least judgements a feature stands in to be learnt from.
SELDOM = 20


def read(lines):
    head = json.loads(next(lines))
    fold, weight, right, row, col, value = [], [], [], [], [], []
    for i, line in enumerate(lines):
        f, w, y, *features = line.split()
        fold.append(int(f))
        weight.append(float(w))
        right.append(int(y))
        for x in features:
            k, v = x.split(":")
            row.append(i)
            col.append(int(k))
            value.append(float(v))
    shape = (len(fold), len(head["names"]))
    x = scipy.sparse.csc_matrix((value, (row, col)), shape=shape, dtype=numpy.float64)
    keep = numpy.flatnonzero(numpy.diff(x.indptr) >= SELDOM)
    names = [head["names"][k] for k in keep]
    return head, names, x[:, keep].toarray(), *map(numpy.array, (fold, weight, right))


def plain(node, names):
    """A node as [feature, most, value, small, large]; a leaf as its value."""
    if "leaf_value" in node:
        return round(node["leaf_value"], 5)
    sides = [plain(node[s], names) for s in ("left_child", "right_child")]
    return [names[node["split_feature"]], float("%.6g" % node["threshold"]), round(node["internal_value"], 5), *sides]


def main():
    head, names, x, fold, weight, right = read(iter(sys.stdin))
    how = dict(
        objective="binary", learning_rate=0.04, num_leaves=15, min_data_in_leaf=head["leaf"],
        feature_fraction=0.3, bagging_fraction=0.7, bagging_freq=1, lambda_l2=5.0, seed=1,
        deterministic=True, force_row_wise=True, num_threads=2, verbose=-1,
    )
    found = []
    for k in [*range(head["folds"]), -1]:
        use = fold != k
        data = lightgbm.Dataset(x[use], right[use], weight=weight[use])
        model = lightgbm.train(how, data, head["rounds"]).dump_model()
        found.append([plain(t["tree_structure"], names) for t in model["tree_info"]])
    json.dump(found, sys.stdout)


main()
