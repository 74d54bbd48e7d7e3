"""Writes scikit_learn.json: how scikit-learn's models do on public data, for the tests to compare with.

    pip install scikit-learn==1.7.2
    SEGKIT_DATA=... python scikit_learn.py

Five folds: row i is in fold i % 5, and is predicted by a model that has seen the other four. Numbers are standardised and
categories made 0 or 1 for all models but the boosted trees, which take them as they come.
"""

import csv
import gzip
import json
import os
import pathlib

import numpy
import scipy
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

HERE = pathlib.Path(__file__).parent
DATA = pathlib.Path(os.environ["SEGKIT_DATA"])

# File, column to predict, columns left out.
SETS = {
    "iris": (HERE / "../../testdata/iris.csv", "species", ["id"]),
    "wine": (HERE / "../../testdata/wine.csv", "class", ["id"]),
    "wholesale": (DATA / "wholesale_customers/Wholesale_customers_data.csv", "Channel", ["Region"]),
    "mcdonalds": (DATA / "mcdonalds/mcdonalds.csv", "VisitFrequency", []),
    "online_shoppers": (DATA / "online_shoppers/online_shoppers_intention.csv.gz", "Revenue", []),
}


def read(path, target, out):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt") as f:
        rows = list(csv.reader(f))
    head, columns = rows[0], list(zip(*rows[1:]))
    x, numbers, categories = [], [], []
    for name, values in zip(head, columns):
        if name == target or name in out:
            continue
        try:
            x.append(numpy.array([float(v) for v in values], dtype=object))
            numbers.append(len(x) - 1)
        except ValueError:
            x.append(numpy.array(values, dtype=object))
            categories.append(len(x) - 1)
    return numpy.array(x, dtype=object).T, numpy.array(columns[head.index(target)]), numbers, categories


def models(numbers, categories):
    equal = ColumnTransformer([("n", StandardScaler(), numbers), ("c", OneHotEncoder(handle_unknown="ignore", sparse_output=False), categories)])
    codes = ColumnTransformer([("n", "passthrough", numbers), ("c", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), categories)])
    boosted = HistGradientBoostingClassifier(early_stopping=False, random_state=0, categorical_features=list(range(len(numbers), len(numbers) + len(categories))))
    return {
        "center": make_pipeline(equal, NearestCentroid()),
        "neighbors": make_pipeline(equal, KNeighborsClassifier(10)),
        "logistic": make_pipeline(equal, LogisticRegression(C=1, max_iter=10_000)),
        "tree": make_pipeline(equal, DecisionTreeClassifier(max_depth=3, random_state=0)),
        "forest": make_pipeline(equal, RandomForestClassifier(200, random_state=0)),
        "boosted": make_pipeline(codes, boosted),
    }


def main():
    out = {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "scipy": scipy.__version__, "sets": {}}
    for name, (path, target, left) in SETS.items():
        x, y, numbers, categories = read(path, target, left)
        fold, classes = numpy.arange(len(y)) % 5, sorted(set(y))
        out["sets"][name] = {"rows": len(y), "columns": x.shape[1], "classes": len(classes), "models": {}}
        for model, m in models(numbers, categories).items():
            named, loss = numpy.empty(len(y), dtype=y.dtype), 0.0
            for f in range(5):
                m.fit(x[fold != f], y[fold != f])
                held = fold == f
                named[held] = m.predict(x[held])
                if hasattr(m, "predict_proba") and model != "center":
                    p = m.predict_proba(x[held])
                    at = p[numpy.arange(held.sum()), numpy.searchsorted(m.classes_, y[held])]
                    loss -= numpy.log(numpy.maximum(at, 1e-15)).sum()
            of = {"accuracy": float((named == y).mean()), "macro_f1": float(f1_score(y, named, average="macro"))}
            if loss:
                of["log_loss"] = float(loss / len(y))
            out["sets"][name]["models"][model] = of
            print(name, model, of)
        (HERE / "scikit_learn.json").write_text(json.dumps(out, indent=1) + "\n")


main()
