"""The other side of the comparison: what a data scientist would write without segkit, one workload to a process.

    python peers.py inputs DIR        writes the made-up inputs that are not there yet
    python peers.py run WORKLOAD DIR  does one workload and prints {"peer", "seconds", "cost"} as JSON

Inputs are NAME.f64 (float64, little-endian, row by row) with NAME.json beside it for the shape. The time is that of the
work alone, without reading the input, except where the work begins with a file (rfm_csv). The work is repeated until a
second has passed, and the fastest repetition counts: the Go side does the same.
"""

import json
import pathlib
import sys
import time

# Rows, columns, true groups, and what else the Go side must know of each made-up table.
TABLES = {
    "kmeans_default": (100_000, 6, 5),
    "elbow_sweep": (50_000, 6, 5),
    "lloyd_1m_8d_5k": (1_000_000, 8, 5),
    "lloyd_1m_3d_5k": (1_000_000, 3, 5),
    "lloyd_200k_20d_8k": (200_000, 20, 8),
    "lloyd_1m_8d_50k": (1_000_000, 8, 50),
    "silhouette_20k": (20_000, 8, 5),
}


def write_inputs(folder):
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    for name, (n, d, k) in TABLES.items():
        shape = folder / f"{name}.json"
        if shape.exists():
            continue
        # Overlapping round groups of unequal distance, as customers are.
        rng = np.random.default_rng(0)
        centres = rng.normal(0, 3, (k, d))
        group = rng.integers(0, k, n)
        x = centres[group] + rng.normal(0, 1.5, (n, d))
        if name == "silhouette_20k":  # the group goes along as the last column
            x = np.column_stack([x, group])
        np.ascontiguousarray(x, dtype="<f8").tofile(folder / f"{name}.f64")
        shape.write_text(json.dumps({"rows": n, "cols": x.shape[1], "k": k}))


def read_table(folder, name):
    import numpy as np

    shape = json.loads((folder / f"{name}.json").read_text())
    return np.fromfile(folder / f"{name}.f64", dtype="<f8").reshape(shape["rows"], shape["cols"]), shape["k"]


def lloyd(folder, name):
    """Twenty iterations from the first k rows."""
    from sklearn.cluster import KMeans

    x, k = read_table(folder, name)
    method = KMeans(k, init=x[:k].copy(), n_init=1, max_iter=20, tol=0, algorithm="lloyd")
    return lambda: method.fit(x).inertia_


def kmeans_default(folder, name):
    from sklearn.cluster import KMeans

    x, k = read_table(folder, name)
    return lambda: KMeans(k, n_init=10, random_state=0).fit(x).inertia_


def elbow_sweep(folder, name):
    """k = 2 to 10, the cost summed."""
    from sklearn.cluster import KMeans

    x, _ = read_table(folder, name)
    return lambda: sum(KMeans(k, n_init=10, random_state=0).fit(x).inertia_ for k in range(2, 11))


def silhouette_20k(folder, name):
    from sklearn.metrics import silhouette_score

    x, _ = read_table(folder, name)
    values, labels = x[:, :-1].copy(), x[:, -1].astype(int)
    return lambda: silhouette_score(values, labels)


def rfm_csv_pandas(folder, name):
    import pandas as pd

    def work():
        lines = pd.read_csv(folder / "online_retail.csv", dtype={"InvoiceNo": str, "StockCode": str, "CustomerID": "string"})
        keep = (lines.CustomerID.notna() & ~lines.InvoiceNo.str.startswith("C") & (lines.Quantity > 0) & (lines.UnitPrice > 0))
        lines = lines[keep]
        lines = lines.assign(when=pd.to_datetime(lines.InvoiceDate, format="%Y-%m-%d %H:%M:%S"), spend=lines.Quantity * lines.UnitPrice)
        customers = lines.groupby("CustomerID").agg(last=("when", "max"), orders=("InvoiceNo", "nunique"), spend=("spend", "sum"))
        return customers.spend.sum()

    return work


def rfm_csv_polars(folder, name):
    import polars as pl

    def work():
        text = {"InvoiceNo": pl.String, "StockCode": pl.String, "CustomerID": pl.String}
        lines = pl.scan_csv(folder / "online_retail.csv", schema_overrides=text).filter(
            pl.col("CustomerID").is_not_null() & ~pl.col("InvoiceNo").str.starts_with("C")
            & (pl.col("Quantity") > 0) & (pl.col("UnitPrice") > 0))
        customers = lines.group_by("CustomerID").agg(
            pl.col("InvoiceDate").str.to_datetime("%Y-%m-%d %H:%M:%S").max().alias("last"),
            pl.col("InvoiceNo").n_unique().alias("orders"),
            (pl.col("Quantity") * pl.col("UnitPrice")).sum().alias("spend")).collect()
        return customers["spend"].sum()

    return work


def rfm_csv_duckdb(folder, name):
    import duckdb

    query = f"""
        select CustomerID, max(InvoiceDate), count(distinct InvoiceNo), sum(Quantity * UnitPrice)
        from read_csv('{folder / "online_retail.csv"}', types = {{'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR', 'CustomerID': 'VARCHAR'}})
        where CustomerID is not null and InvoiceNo not like 'C%' and Quantity > 0 and UnitPrice > 0
        group by CustomerID"""
    return lambda: sum(row[3] for row in duckdb.sql(query).fetchall())


def run(name, folder):
    prepare, module = {
        "rfm_csv_pandas": (rfm_csv_pandas, "pandas"),
        "rfm_csv_polars": (rfm_csv_polars, "polars"),
        "rfm_csv_duckdb": (rfm_csv_duckdb, "duckdb"),
        "kmeans_default": (kmeans_default, "sklearn"),
        "elbow_sweep": (elbow_sweep, "sklearn"),
        "silhouette_20k": (silhouette_20k, "sklearn"),
    }.get(name, (lloyd, "sklearn"))
    work = prepare(folder, name)
    fastest, begin = float("inf"), time.perf_counter()
    while time.perf_counter() - begin < 1:
        start = time.perf_counter()
        cost = work()
        fastest = min(fastest, time.perf_counter() - start)
    version = __import__(module).__version__
    print(json.dumps({"peer": f"{module.replace('sklearn', 'scikit-learn')} {version}", "seconds": fastest, "cost": float(cost)}))


if __name__ == "__main__":
    if sys.argv[1] == "inputs":
        write_inputs(pathlib.Path(sys.argv[2]))
    else:
        run(sys.argv[2], pathlib.Path(sys.argv[3]))
