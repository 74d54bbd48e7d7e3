"""Order lines to segments by several ways, each in a process of its own: time, processor time, peak memory, and the sizes of the segments.

    bench/engines.sh [-lines 1000000,10000000] [-ways duckdb,memory,pandas,spark]

The order lines are made by segkit data make, and everything goes the same way: clean, one row per customer as of 2025-09-30, logarithms of recency, orders and
basket, standardised, k-means with k = 5, and the segment of every customer. pandas and Spark clean by the simpler rules that people write there: lines without a
customer, repeated lines, test customers, and lines of goods that went back. Trino needs a cluster, which SEGKIT_TEST_TRINO names: tools/engines/run.py bench/engines.sh -ways trino.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request

AS_OF, K = "2025-09-30", 5
BUILD = os.path.abspath("build/bench")
SOURCE = """customer = "customer_id"
order = "order_id"
date = "order_date"
quantity = "quantity"
price = "unit_price"
product = "product_id"
name = "product"
category = "category"
currency = "EUR"
rules = ["no customer", "duplicate", "test order", "net cancelled"]
"""


def orders(lines):
    folder = f"{BUILD}/orders-{lines}"
    if not os.path.exists(folder):
        subprocess.run([".tools/bin/segkit", "data", "make", folder, "--lines", str(lines)], check=True)
    return folder


def segment(url, into):
    return [".tools/bin/segkit", "segment", "--engine", url, "--source", f"{BUILD}/orders.toml", "--as-of", AS_OF, "-k", str(K), "-o", f"{BUILD}/model.json", "--into", into]


def command(way, lines):
    """What does the work, and where it may be skipped, why."""
    folder = orders(lines)
    if way == "duckdb":
        return segment(f"duckdb://{folder}/*.parquet?memory_limit=2GB&threads=2&temp_directory={BUILD}/spill", f"{BUILD}/segments.parquet")
    if way == "trino":
        url = os.environ["SEGKIT_TEST_TRINO"]
        link(url, folder)
        return segment(url, "bench_segments")
    if way == "memory":
        csv = folder + ".csv"
        if not os.path.exists(csv):
            subprocess.run([sys.executable, __file__, "-csv", folder, csv], check=True)
        return [f"{BUILD}/orders", csv]
    return [sys.executable, __file__, "-do", way, folder]


def link(url, folder):
    """Makes the files a table of the cluster, which reads folders in its warehouse."""
    sys.path.insert(0, "tools/engines")
    import trino
    inside = os.environ["SEGKIT_TEST_WAREHOUSE"] + "/" + os.path.basename(folder)
    if not os.path.exists(inside):
        shutil.copytree(folder, inside)
    port = urllib.parse.urlparse(url).port
    trino.query(port, "DROP TABLE IF EXISTS hive.shop.bench_orders")
    trino.query(port, f"""CREATE TABLE hive.shop.bench_orders (order_id VARCHAR, order_date TIMESTAMP, customer_id VARCHAR, product_id VARCHAR, product VARCHAR, category VARCHAR,
        quantity INTEGER, unit_price DECIMAL(12, 2), channel VARCHAR, country VARCHAR) WITH (format = 'PARQUET', external_location = 'local:///{os.path.basename(folder)}')""")


SIZES = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}


def traffic(url):
    """What the cluster says of all statements so far, added up, and the largest state that one of them held, in MB."""
    request = urllib.request.Request(f"http://127.0.0.1:{urllib.parse.urlparse(url).port}/v1/query", headers={"X-Trino-User": "segkit"})
    of = [q["queryStats"] for q in json.load(urllib.request.urlopen(request))]

    def megabytes(stat):
        return [float(number) * SIZES[unit] / 1e6 for number, unit in (re.fullmatch(r"([\d.]+)(\w+)", q[stat]).groups() for q in of)]
    sums = {name: round(sum(megabytes(stat)), 1) for name, stat in (("read_mb", "physicalInputDataSize"), ("passed_mb", "rawInputDataSize"), ("network_mb", "internalNetworkInputDataSize"), ("written_mb", "physicalWrittenDataSize"))}
    return sums | {"largest_state_mb": round(max(megabytes("peakTotalMemoryReservation")), 1), "statements": len(of)}


def measure(way, lines):
    with open(f"{BUILD}/orders.toml", "w") as f:
        f.write(SOURCE + ('table = "bench_orders"\n' if way == "trino" else ""))
    arguments = command(way, lines)
    began = time.monotonic()
    with open(f"{BUILD}/{way}-{lines}.log", "w") as log:
        child = subprocess.Popen(arguments, stdout=log, stderr=log)
        used = Used([child.pid] if way != "trino" else others())
        while child.poll() is None:
            used.look()
            time.sleep(.25)
    result = {"way": way, "lines": lines, "ok": child.returncode == 0, "seconds": round(time.monotonic() - began, 1)} | used.totals()
    return result | (traffic(os.environ["SEGKIT_TEST_TRINO"]) if way == "trino" else {})


def others():
    """The processes that whatever started this one has started besides: the servers of a cluster."""
    return [pid for pid, parent in parents().items() if parent == os.getppid()]


def parents():
    """The parent of each process."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            found[int(pid)] = int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            pass
    return found


class Used:
    """What processes and all that they start use from now on: Spark works in a process that Python begins, Trino in servers."""

    def __init__(self, roots):
        self.roots, self.ticks, self.peaks, self.began = roots, {}, {}, {}
        self.look()
        self.began = dict(self.ticks)

    def look(self):
        of = parents()
        for pid in of:
            above = pid
            while above in of and above not in self.roots:
                above = of[above]
            if above not in self.roots or pid == os.getpid():
                continue
            try:
                stat = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
                status = open(f"/proc/{pid}/status").read()
            except OSError:
                continue
            if "VmHWM:" in status:  # not so of one that has ended and is waited for
                self.ticks[pid] = int(stat[11]) + int(stat[12])
                self.peaks[pid] = int(status.split("VmHWM:")[1].split()[0]) // 1024

    def totals(self):
        ticks = sum(self.ticks.values()) - sum(self.began.values())
        return {"processor_seconds": round(ticks / os.sysconf("SC_CLK_TCK"), 1), "peak_mb": sum(self.peaks.values())}


def by_pandas(folder):
    import numpy as np
    import pandas as pd
    from sklearn.cluster import KMeans
    from sklearn.preprocessing import StandardScaler
    x = pd.read_parquet(folder)
    x = x[x.customer_id.notna() & ~x.customer_id.fillna("").str.startswith("TEST")].drop_duplicates()
    x = x[x.quantity > 0]
    x["money"] = x.quantity * x.unit_price.astype(float)
    day = pd.Timestamp(AS_OF)
    x = x[x.order_date < day + pd.Timedelta(days=1)]
    c = x.groupby("customer_id").agg(last=("order_date", "max"), orders=("order_id", "nunique"), spend=("money", "sum"))
    c["recency"], c["basket"] = (day - c["last"].dt.normalize()).dt.days, c.spend / c.orders
    z = StandardScaler().fit_transform(np.log1p(c[["recency", "orders", "basket"]]))
    labels = KMeans(K, n_init=10, random_state=1).fit_predict(z)
    return sorted(np.bincount(labels).tolist(), reverse=True)


def by_spark(folder):
    from pyspark.ml.clustering import KMeans
    from pyspark.ml.feature import StandardScaler, VectorAssembler
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as f
    spark = SparkSession.builder.master("local[2]").config("spark.driver.memory", "6g").config("spark.ui.enabled", "false").config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1").getOrCreate()
    x = spark.read.parquet(folder).dropna(subset=["customer_id"]).where("customer_id NOT LIKE 'TEST%'").dropDuplicates().where(f"quantity > 0 AND order_date < DATE '{AS_OF}' + INTERVAL 1 DAY")
    c = x.groupBy("customer_id").agg(f.datediff(f.lit(AS_OF).cast("date"), f.max("order_date")).alias("recency"), f.countDistinct("order_id").alias("orders"), f.sum(f.col("quantity") * f.col("unit_price")).cast("double").alias("spend"))
    c = c.select("customer_id", f.log1p("recency").alias("a"), f.log1p("orders").alias("b"), f.log1p(f.col("spend") / f.col("orders")).alias("c"))
    v = VectorAssembler(inputCols=["a", "b", "c"], outputCol="raw").transform(c)
    z = StandardScaler(inputCol="raw", outputCol="features", withMean=True).fit(v).transform(v).cache()
    best = KMeans(k=K, seed=1).fit(z)
    return sorted((r["count"] for r in best.transform(z).groupBy("prediction").count().collect()), reverse=True)


def main():
    if sys.argv[1:2] == ["-do"]:
        print({"pandas": by_pandas, "spark": by_spark}[sys.argv[2]](sys.argv[3]))
        return
    if sys.argv[1:2] == ["-csv"]:
        import pyarrow.csv
        import pyarrow.dataset
        with pyarrow.csv.CSVWriter(sys.argv[3], pyarrow.dataset.dataset(sys.argv[2]).schema) as out:
            for batch in pyarrow.dataset.dataset(sys.argv[2]).to_batches():
                out.write_batch(batch)
        return
    flags = argparse.ArgumentParser()
    flags.add_argument("-lines", default="1000000,10000000")
    flags.add_argument("-ways", default="duckdb,memory,pandas,spark")
    flags = flags.parse_args()
    os.makedirs(BUILD, exist_ok=True)
    results = []
    for lines in map(int, flags.lines.split(",")):
        for way in flags.ways.split(","):
            r = measure(way, lines)
            results.append(r)
            print(f"{way:8} {lines:>12,} lines: {r['seconds']:8.1f} s, {r['processor_seconds']:8.1f} s of processors, {r['peak_mb']:6,} MB" + ("" if r["ok"] else f"   FAILED: {BUILD}/{way}-{lines}.log"), flush=True)
            if way == "trino":
                print("         " + ", ".join(f"{name} {r[name]:,}" for name in ("statements", "read_mb", "passed_mb", "network_mb", "written_mb", "largest_state_mb")), flush=True)
    with open(f"{BUILD}/engines.json", "w") as f:
        json.dump(results, f, indent=1)
    sys.exit(any(not r["ok"] for r in results))


if __name__ == "__main__":
    main()
