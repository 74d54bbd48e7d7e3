# Steps 1 to 7 of notebooks/01_whole_analysis.ipynb as one would write them with pandas, scikit-learn and matplotlib: same file, same cleaning, same
# as-of day, same columns, same k. bench/notebook.py makes a notebook of it, cell by cell. It draws no data without groups, gives
# no advice on k, and tells no uncertainty, all of which the lesson does.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

# %%
source, as_of, k, seed = "../../datasets/embedded/orders.csv.gz", None, 4, 1

# %%
orders = pd.read_csv(source, dtype={"order_id": "string", "customer_id": "string", "product_id": "string"}, parse_dates=["order_date"])

# %%
display(orders.head())
display(orders.describe(include="all"))
display(orders.isna().sum())

# %%
def net(lines):
    """Takes out every cancellation with the latest line of the same customer, product and quantity that it undoes."""
    lines = lines.reset_index(drop=True)
    bought, gone, sold = {}, set(), lines.quantity.to_numpy()
    for i in lines.sort_values("order_date", kind="stable").index:
        key = lines.customer_id[i], lines.product_id[i], abs(sold[i])
        if sold[i] > 0:
            bought.setdefault(key, []).append(i)
        elif bought.get(key):
            gone |= {i, bought[key].pop()}
    return lines.drop(index=list(gone))


kept = {"as read": orders}
clean = kept["with a customer"] = orders[orders.customer_id.notna()]
clean = kept["not twice"] = clean.drop_duplicates()
clean = kept["no test"] = clean[~clean.customer_id.str.lower().str.match(r"test($|[^a-z])")]
clean = kept["net of cancellations"] = net(clean)
clean = clean.assign(amount=clean.quantity * clean.unit_price, day=clean.order_date.dt.normalize())

# %%
display(pd.DataFrame({"lines": {name: len(lines) for name, lines in kept.items()},
                      "money": {name: (lines.quantity * lines.unit_price).sum() for name, lines in kept.items()}}))

# %%
end = pd.Timestamp(as_of) if as_of else clean.day.max() - pd.Timedelta(days=90)
past = clean[clean.day <= end]
customers = past.groupby("customer_id").agg(first=("day", "min"), last=("day", "max"), orders=("order_id", "nunique"), spend=("amount", "sum"),
                                         units=("quantity", "sum"), products=("product_id", "nunique"), categories=("category", "nunique"))
customers["recency"] = (end - customers["last"]).dt.days
customers["tenure"] = (end - customers["first"]).dt.days
customers["gap"] = (customers["last"] - customers["first"]).dt.days / (customers.orders - 1).where(customers.orders > 1)
customers["basket"] = customers.spend / customers.orders
customers["items"] = customers.units / customers.orders

# %%
display(customers.describe())
share = customers.spend.sort_values().cumsum() / customers.spend.sum()
plt.plot(np.linspace(0, 1, len(share)), share)
plt.plot([0, 1], [0, 1], "--")
plt.title("Spend")
plt.show()

# %%
columns = ["recency", "orders", "basket"]
logs = np.log1p(customers[columns].clip(lower=0))
x = StandardScaler().fit_transform(logs)

# %%
fig, axes = plt.subplots(2, 3, figsize=(10, 5))
for j, name in enumerate(columns):
    axes[0, j].hist(customers[name], bins=40)
    axes[1, j].hist(x[:, j], bins=40)
    axes[0, j].set_title(name)
plt.show()

# %%
sweep = []
for n in range(2, 9):
    fit = KMeans(n, n_init=10, random_state=seed).fit(x)
    sweep.append({"k": n, "cost": fit.inertia_, "silhouette": silhouette_score(x, fit.labels_)})
sweep = pd.DataFrame(sweep)

# %%
plt.plot(sweep.k, sweep.cost, "o-")
plt.title("Elbow")
plt.show()
display(sweep)

# %%
model = KMeans(k, n_init=10, random_state=seed).fit(x)
customers["segment"] = model.labels_

# %%
sizes = customers.groupby("segment").agg(customers=("spend", "size"), spend=("spend", "sum"))
(sizes / sizes.sum()).plot.bar()
plt.show()

# %%
profile = customers.drop(columns=["first", "last"]).groupby("segment").median()

# %%
display(profile)
scaled = (profile - customers[profile.columns].median()) / customers[profile.columns].std()
fig, axes = plt.subplots(1, k, figsize=(12, 4), sharey=True)
for segment, ax in enumerate(axes):
    ax.barh(scaled.columns, scaled.loc[segment])
    ax.set_title(f"segment {segment}: {sizes.customers[segment]}")
plt.show()
