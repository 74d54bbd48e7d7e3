"""The other side of the comparison: what a data scientist would write without segkit, one workload to a process.

    python peers.py inputs DIR        writes the made-up inputs that are not there yet
    python peers.py run WORKLOAD DIR  does one workload and prints {"peer", "seconds", "cpu", "cost"} as JSON

Inputs are NAME.f64 (float64, little-endian, row by row) with NAME.json beside it for the shape. The time is that of the
work alone, without reading the input, except where the work begins with a file (names with csv). The work is repeated until a
second has passed, and the fastest repetition counts, and the one that took the processors least: the Go side does the same.
"""

import csv
import importlib.metadata
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
    "stability_10k": (10_000, 6, 5),
    "mixture_200k": (200_000, 6, 5),
    "ward_20k": (20_000, 6, 5),
    "hdbscan_50k": (50_000, 6, 5),
    "kmedoids_10k": (10_000, 6, 5),
    "kprototypes_10k": (10_000, 4, 5),
    "forest_50k": (60_000, 10, 5),
    "boosted_50k": (60_000, 10, 5),
    "score_1m_8d": (1_000_000, 8, 5),
    "pca_200k_20d": (200_000, 20, 8),
    "cak_kmeans_1m": (1_000_000, 8, 5),
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
        if name in ("silhouette_20k", "forest_50k", "boosted_50k"):  # the group goes along as the last column
            x = np.column_stack([x, group])
        if name == "kprototypes_10k":  # three categories of four levels, which mostly follow the group
            other = np.random.default_rng(1)
            levels = np.where(other.random((n, 3)) < 0.7, group[:, None] % 4, other.integers(0, 4, (n, 3)))
            x = np.column_stack([x, levels])
        np.ascontiguousarray(x, dtype="<f8").tofile(folder / f"{name}.f64")
        shape.write_text(json.dumps({"rows": n, "cols": x.shape[1], "k": k}))
    lines = folder / "rules_1m_lines.csv"
    if not lines.exists():
        # A million lines in 100,000 baskets of 10,000 products, a few of them popular; one line in five is the companion of another.
        rng = np.random.default_rng(0)
        popular = 1 / (np.arange(10_000) + 50)
        basket = rng.integers(0, 100_000, 800_000)
        product = rng.choice(10_000, 800_000, p=popular / popular.sum())
        with_another = rng.choice(800_000, 200_000, replace=False)
        basket, product = np.append(basket, basket[with_another]), np.append(product, product[with_another] ^ 1)
        part = lines.with_suffix(".part")
        np.savetxt(part, np.column_stack([basket, product]), fmt="%d", delimiter=",", header="basket,item", comments="")
        part.rename(lines)
    customers = folder / "customers.csv"
    if not customers.exists():
        import polars as pl

        n, rng = 1_000_000, np.random.default_rng(0)
        columns = {f"x{j}": np.round(rng.lognormal(2, 1, n), 2) for j in range(8)}
        pl.DataFrame({"customer": [f"C{i:07d}" for i in range(n)]} | columns).write_csv(customers)


    visits = folder / "visits_5m.csv"
    if not visits.exists():
        # A million visitors in 90 days, as a web log has them: two million visits of two or three pages, half a minute apart, lines by time.
        import polars as pl

        rng, n = np.random.default_rng(0), 2_000_000
        visitor = np.append(np.arange(1_000_000), rng.integers(0, 1_000_000, n - 1_000_000))
        pages = np.clip(rng.geometric(0.4, n), 1, 60)
        start = rng.integers(0, 90 * 86400, n)
        source, device = rng.choice(5, n, p=[0.35, 0.3, 0.15, 0.1, 0.1]), rng.choice(3, n, p=[0.6, 0.3, 0.1])
        visit = np.repeat(np.arange(n), pages)
        place = np.arange(visit.size) - np.repeat(np.cumsum(pages) - pages, pages)
        when = start[visit] + place * rng.integers(5, 60, visit.size)
        kinds = np.array(["/", "/product/1", "/product/2", "/product/3", "/search", "/cart", "/help", "/account"])
        hits = pl.DataFrame({
            "time": pl.Series((when + 1_735_689_600) * 1000).cast(pl.Datetime("ms")),
            "visitor": pl.Series(visitor[visit]),
            "page": kinds[rng.choice(8, visit.size)],
            "source": np.array(["search", "direct", "ad", "social", "mail"])[source[visit]],
            "device": np.array(["mobile", "desktop", "tablet"])[device[visit]],
        }).sort("time", maintain_order=True)
        part = visits.with_suffix(".part")
        hits.write_csv(part, datetime_format="%Y-%m-%d %H:%M:%S")
        part.rename(visits)


def write_rfm_lines(folder):
    """The lines that rfm_csv_pandas keeps, of which each has a customer, a time and an amount."""
    import pandas as pd

    out = folder / "rfm_lines.csv"
    if out.exists() or not (folder / "online_retail.csv").exists():
        return
    lines = pd.read_csv(folder / "online_retail.csv", dtype={"InvoiceNo": str, "CustomerID": "string"})
    lines = lines[lines.CustomerID.notna() & ~lines.InvoiceNo.str.startswith("C") & (lines.Quantity > 0) & (lines.UnitPrice > 0)]
    part = out.with_suffix(".part")
    pd.DataFrame({"customer": lines.CustomerID, "date": lines.InvoiceDate.str.replace(" ", "T"),
                  "amount": (lines.Quantity * lines.UnitPrice).round(2)}).to_csv(part, index=False)
    part.rename(out)


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


def stability_10k(folder, name):
    """25 pairs of bootstrap samples at k = 2 to 6, three starts each, compared on all rows; the mean adjusted Rand at k = 5."""
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score

    x, true = read_table(folder, name)

    def labels(k, rng):
        method = KMeans(k, n_init=3, random_state=int(rng.integers(1 << 30)))
        return method.fit(x[rng.integers(0, len(x), len(x))]).predict(x)

    def work():
        rng = np.random.default_rng(0)
        mean = {k: np.mean([adjusted_rand_score(labels(k, rng), labels(k, rng)) for _ in range(25)]) for k in range(2, 7)}
        return mean[true]

    return work


def score_1m_8d(folder, name):
    """A scaler and k-means fitted on 10,000 customers find the segments of a million: the sum of the squared sizes."""
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.preprocessing import StandardScaler

    x, k = read_table(folder, name)
    scaler = StandardScaler().fit(x[:10_000])
    some = scaler.transform(x[:10_000])
    model = KMeans(k, init=some[:k].copy(), n_init=1, max_iter=20, tol=0, algorithm="lloyd").fit(some)
    return lambda: (np.bincount(model.predict(scaler.transform(x))) ** 2).sum()


def mixture_200k(folder, name):
    """Full covariances, twenty steps of EM from the first rows as means, equal weights and unit precisions."""
    import warnings

    import numpy as np
    from sklearn.mixture import GaussianMixture

    warnings.simplefilter("ignore")  # it says that it did not converge, which is what was asked
    x, k = read_table(folder, name)
    method = GaussianMixture(k, max_iter=20, tol=0, means_init=x[:k], weights_init=np.full(k, 1 / k),
                             precisions_init=np.array([np.eye(x.shape[1])] * k))
    return lambda: -method.fit(x).lower_bound_


def ward_20k(folder, name):
    from sklearn.cluster import AgglomerativeClustering

    x, k = read_table(folder, name)

    def work():
        labels = AgglomerativeClustering(k, linkage="ward").fit(x).labels_
        return sum(((x[labels == j] - x[labels == j].mean(0)) ** 2).sum() for j in range(k))

    return work


def hdbscan_50k(folder, name):
    """The cost is the number of groups found."""
    import hdbscan

    x, _ = read_table(folder, name)
    method = hdbscan.HDBSCAN(min_cluster_size=100, min_samples=10, core_dist_n_jobs=-1)
    return lambda: method.fit(x).labels_.max() + 1


def kmedoids_10k(folder, name):
    """Six medoids; building the matrix of distances counts."""
    import kmedoids
    import numpy as np
    from sklearn.metrics import pairwise_distances

    x, _ = read_table(folder, name)
    return lambda: kmedoids.fasterpam(pairwise_distances(x).astype(np.float32), 6, random_state=0).loss


def kprototypes_10k(folder, name):
    """One start of Cao's; four numbers and three categories."""
    import numpy as np
    from kmodes.kprototypes import KPrototypes

    x, k = read_table(folder, name)
    rows = np.column_stack([x[:, :4].astype(object), x[:, 4:].astype(int).astype(str).astype(object)])
    return lambda: KPrototypes(k, init="Cao", n_init=1, random_state=0).fit(rows, categorical=[4, 5, 6]).cost_


def predictor(folder, name):
    """Learns from 50,000 customers and predicts 10,000 others; the cost is the share predicted wrongly."""
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

    x, _ = read_table(folder, name)
    values, group = x[:, :-1].copy(), x[:, -1].astype(int)
    method = (RandomForestClassifier(200, n_jobs=-1, random_state=0) if name == "forest_50k"
              else HistGradientBoostingClassifier(early_stopping=False, random_state=0))

    def work():
        p = method.fit(values[:50_000], group[:50_000]).predict_proba(values[50_000:])
        return (p.argmax(1) != group[50_000:]).mean()

    return work


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


def features_csv_pandas(folder, name):
    """All features that segkit makes of this file, and the country of most lines."""
    import pandas as pd

    def work():
        lines = pd.read_csv(folder / "online_retail.csv", dtype={"InvoiceNo": str, "StockCode": str, "CustomerID": "string"})
        keep = (lines.CustomerID.notna() & ~lines.InvoiceNo.str.startswith("C") & (lines.Quantity > 0) & (lines.UnitPrice > 0))
        lines = lines[keep]
        lines = lines.assign(when=pd.to_datetime(lines.InvoiceDate, format="%Y-%m-%d %H:%M:%S"), spend=lines.Quantity * lines.UnitPrice)
        end = lines.when.max().normalize()
        lines = lines.assign(day=lines.when.dt.normalize())
        customers = lines.groupby("CustomerID").agg(
            first=("day", "min"), last=("day", "max"), orders=("InvoiceNo", "nunique"), spend=("spend", "sum"),
            units=("Quantity", "sum"), products=("StockCode", "nunique"))
        placed = lines.sort_values("when", kind="stable").drop_duplicates(["CustomerID", "InvoiceNo"])
        placed = placed.assign(weekend=placed.when.dt.day_of_week >= 5, hour=placed.when.dt.hour)
        customers = customers.join(placed.groupby("CustomerID").agg(weekend_share=("weekend", "mean"), hour=("hour", "median")))
        bought = lines.groupby(["CustomerID", "Country"]).size().reset_index(name="n").sort_values("n", kind="stable")
        customers["country"] = bought.drop_duplicates("CustomerID", keep="last").set_index("CustomerID").Country
        customers["recency"] = (end - customers["last"]).dt.days
        customers["tenure"] = (end - customers["first"]).dt.days
        customers["gap"] = (customers["last"] - customers["first"]).dt.days / (customers.orders - 1).where(customers.orders > 1)
        customers["basket"] = customers.spend / customers.orders
        customers["items"] = customers.units / customers.orders
        customers["return_share"] = 0.0  # what went back was left out above
        return customers.spend.sum()

    return work


def table_csv_pandas(folder, name):
    """A million customers with eight numbers."""
    import pandas as pd

    return lambda: pd.read_csv(folder / "customers.csv", index_col="customer").to_numpy().sum()


def snapshots_12(folder, name):
    import pandas as pd

    def work():
        lines = pd.read_csv(folder / "online_retail.csv", dtype={"InvoiceNo": str, "StockCode": str, "CustomerID": "string"})
        keep = (lines.CustomerID.notna() & ~lines.InvoiceNo.str.startswith("C") & (lines.Quantity > 0) & (lines.UnitPrice > 0))
        lines = lines[keep]
        lines = lines.assign(when=pd.to_datetime(lines.InvoiceDate, format="%Y-%m-%d %H:%M:%S"), spend=lines.Quantity * lines.UnitPrice)
        total, before = 0, None
        for end in pd.date_range("2010-12-31", periods=12, freq="ME"):
            known = lines[lines.when < end + pd.Timedelta(days=1)]
            customers = known.groupby("CustomerID").agg(last=("when", "max"), orders=("InvoiceNo", "nunique"), spend=("spend", "sum"))
            third = pd.qcut(customers.spend, 3, labels=False)
            if before is not None:
                pd.crosstab(before, third.reindex(before.index.union(third.index)))
            total, before = total + len(customers), third
        return float(total)

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


def visits_5m(folder, name):
    """From hits to visits, cut by half an hour, to visitors."""
    import polars as pl

    def work():
        hits = pl.scan_csv(folder / "visits_5m.csv", schema_overrides={"visitor": pl.String}).with_columns(
            pl.col("time").str.to_datetime("%Y-%m-%d %H:%M:%S")).sort("visitor", "time")
        begins = (pl.col("visitor") != pl.col("visitor").shift()) | (pl.col("time") - pl.col("time").shift() > pl.duration(minutes=30))
        visits = hits.with_columns(begins.fill_null(True).cum_sum().alias("visit")).group_by("visit").agg(
            pl.col("visitor").first(), pl.col("time").min().alias("start"), (pl.col("time").max() - pl.col("time").min()).dt.total_seconds().alias("seconds"),
            pl.len().alias("pages"), (pl.col("device").first() == "mobile").alias("mobile"))
        known = pl.col("pages") > 1
        visitors = visits.group_by("visitor").agg(
            (pl.date(2025, 4, 30) - pl.col("start").max().dt.date()).dt.total_days().alias("recency"), pl.len().alias("visits"),
            pl.col("pages").sum(), pl.col("pages").mean().alias("depth"), pl.col("seconds").filter(known).mean().alias("duration"),
            (pl.col("pages") == 1).mean().alias("bounce_share"), (pl.date(2025, 4, 30) - pl.col("start").min().dt.date()).dt.total_days().alias("tenure"),
            pl.col("mobile").mean()).sort("visitor").collect()
        return visitors["visits"].sum() + visitors["duration"].fill_null(0).sum()

    return work


def rfm_csv_duckdb(folder, name):
    import duckdb

    query = f"""
        select CustomerID, max(InvoiceDate), count(distinct InvoiceNo), sum(Quantity * UnitPrice)
        from read_csv('{folder / "online_retail.csv"}', types = {{'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR', 'CustomerID': 'VARCHAR'}})
        where CustomerID is not null and InvoiceNo not like 'C%' and Quantity > 0 and UnitPrice > 0
        group by CustomerID"""
    return lambda: sum(row[3] for row in duckdb.sql(query).fetchall())


def single(rules):
    """How many rules have one item on the right: the others cannot be switched off."""
    return float((rules["consequents"].map(len) == 1).sum())


def rules_groceries(folder, name):
    import pandas as pd
    from mlxtend.frequent_patterns import association_rules, fpgrowth
    from mlxtend.preprocessing import TransactionEncoder

    baskets = [line.split(",") for line in (folder / "groceries.csv").read_text().splitlines()]

    def work():
        encoder = TransactionEncoder()
        table = pd.DataFrame(encoder.fit_transform(baskets), columns=encoder.columns_)
        sets = fpgrowth(table, min_support=0.001, use_colnames=True)
        return single(association_rules(sets, metric="confidence", min_threshold=0.5))

    return work


def rules_1m_lines(folder, name):
    import numpy as np
    import pandas as pd
    from mlxtend.frequent_patterns import association_rules, fpgrowth
    from scipy.sparse import csr_matrix

    def work():
        lines = pd.read_csv(folder / f"{name}.csv").drop_duplicates()
        row, _ = pd.factorize(lines.basket)
        column, products = pd.factorize(lines.item)
        one_hot = csr_matrix((np.ones(len(lines), dtype=bool), (row, column)))
        table = pd.DataFrame.sparse.from_spmatrix(one_hot, columns=products.astype(str))
        sets = fpgrowth(table, min_support=0.001, use_colnames=True)
        return single(association_rules(sets, metric="confidence", min_threshold=0.1))

    return work


def bgnbd_cdnow(folder, name):
    import lifetimes
    import numpy as np
    import pandas as pd

    summary = pd.read_csv(folder / "cdnow.csv")
    columns = [summary[name].to_numpy() for name in ("frequency", "recency", "T")]

    def work():
        fitter = lifetimes.BetaGeoFitter(penalizer_coef=0)
        fitter.fit(*columns)
        # In weeks, as the file is: its own figure is of times that it scaled.
        return len(summary) * fitter._negative_log_likelihood(np.log(fitter.params_.to_numpy()), *columns, np.ones(len(summary)), 0)

    return work


def pca_200k_20d(folder, name):
    """Five components of standardized columns, and what every row has of them; the share of variance that is lost."""
    import pandas as pd
    import prince

    x, _ = read_table(folder, name)
    frame = pd.DataFrame(x, columns=[f"x{j}" for j in range(x.shape[1])])

    def work():
        pca = prince.PCA(n_components=5, random_state=0).fit(frame)
        pca.row_coordinates(frame)
        return 1 - pca.percentage_of_variance_.sum() / 100

    return work


def cak_kmeans_1m(folder, name):
    """Three starts from lists of Python's, which are made before."""
    import clusteraudiencekit

    x, k = read_table(folder, name)
    rows = x.tolist()
    return lambda: min(clusteraudiencekit.kmeans(rows, k, random_state=start).inertia for start in range(3))


def cak_rfm(folder, name):
    """From tuples to scores. The scores count from the day on which this runs, which cannot be changed."""
    import clusteraudiencekit

    with open(folder / "rfm_lines.csv") as file:
        lines = [(line["customer"], line["date"] + "Z", float(line["amount"])) for line in csv.DictReader(file)]
    return lambda: sum(score.monetary for score in clusteraudiencekit.calculate_rfm(lines, clusteraudiencekit.RFMConfig()))


def run(name, folder):
    prepare, module = {
        "rfm_csv_pandas": (rfm_csv_pandas, "pandas"),
        "rfm_csv_polars": (rfm_csv_polars, "polars"),
        "visits_5m": (visits_5m, "polars"),
        "rfm_csv_duckdb": (rfm_csv_duckdb, "duckdb"),
        "features_csv_pandas": (features_csv_pandas, "pandas"),
        "table_csv_pandas": (table_csv_pandas, "pandas"),
        "snapshots_12": (snapshots_12, "pandas"),
        "kmeans_default": (kmeans_default, "sklearn"),
        "elbow_sweep": (elbow_sweep, "sklearn"),
        "silhouette_20k": (silhouette_20k, "sklearn"),
        "stability_10k": (stability_10k, "sklearn"),
        "score_1m_8d": (score_1m_8d, "sklearn"),
        "mixture_200k": (mixture_200k, "sklearn"),
        "ward_20k": (ward_20k, "sklearn"),
        "hdbscan_50k": (hdbscan_50k, "hdbscan"),
        "kmedoids_10k": (kmedoids_10k, "kmedoids"),
        "kprototypes_10k": (kprototypes_10k, "kmodes"),
        "forest_50k": (predictor, "sklearn"),
        "boosted_50k": (predictor, "sklearn"),
        "rules_groceries": (rules_groceries, "mlxtend"),
        "rules_1m_lines": (rules_1m_lines, "mlxtend"),
        "bgnbd_cdnow": (bgnbd_cdnow, "lifetimes"),
        "pca_200k_20d": (pca_200k_20d, "prince"),
        "cak_kmeans_1m": (cak_kmeans_1m, "clusteraudiencekit"),
        "cak_rfm": (cak_rfm, "clusteraudiencekit"),
    }.get(name, (lloyd, "sklearn"))
    work = prepare(folder, name)
    fastest, least, begin = float("inf"), float("inf"), time.perf_counter()
    while time.perf_counter() - begin < 1:
        start, busy = time.perf_counter(), time.process_time()
        cost = work()
        fastest, least = min(fastest, time.perf_counter() - start), min(least, time.process_time() - busy)
    version = importlib.metadata.version(module.replace("sklearn", "scikit-learn"))
    print(json.dumps({"peer": f"{module.replace('sklearn', 'scikit-learn')} {version}", "seconds": fastest, "cpu": least,
                      "cost": float(cost)}))


if __name__ == "__main__":
    if sys.argv[1] == "inputs":
        write_inputs(pathlib.Path(sys.argv[2]))
        write_rfm_lines(pathlib.Path(sys.argv[2]))
    else:
        run(sys.argv[2], pathlib.Path(sys.argv[3]))
