"""Products, prices, standard costs and exchange rates of the sample company."""

from dataclasses import dataclass

import numpy as np

from sample.calendar import month_index, next_business
from sample.plan import Plan

CATEGORIES = ("Cafés e Chás", "Mercearia", "Bebidas", "Higiene e Beleza", "Limpeza")
FAMILIES = (
    ("Café torrado", "Chás"),
    ("Massas", "Molhos"),
    ("Sucos", "Achocolatados"),
    ("Sabonetes", "Capilares"),
    ("Detergentes", "Amaciantes"),
)
N_PRODUCTS = 40
FREIGHT = 40  # billed freight, a service: not revenue of a product
CODES = [f"PA{p + 1:04d}" for p in range(N_PRODUCTS)] + ["SV0001"]
UNCOSTED = (39, 2)  # product and branch without any standard cost


@dataclass(frozen=True)
class Catalogue:
    """Prices and costs by year and month; money in cents, costs in 1/10,000."""

    list_cents: np.ndarray  # [year - first_year, product]
    first_year: int
    cost_units: np.ndarray  # [month - first_month, branch - 1, product], 10^-4
    first_month: int
    weight_grams: np.ndarray
    rate_units: np.ndarray  # BRL per USD, 10^-4, [day - first_day]
    first_day: int

    def price(self, days: np.ndarray, products: np.ndarray) -> np.ndarray:
        years = np.asarray(days, "datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
        return self.list_cents[years - self.first_year, products]

    def rate(self, days: np.ndarray) -> np.ndarray:
        return self.rate_units[np.asarray(days) - self.first_day]


def category(product: np.ndarray) -> np.ndarray:
    return np.asarray(product) // 8


def build(plan: Plan) -> Catalogue:
    """Draws the catalogue: yearly list prices, monthly standard costs, a daily rate."""
    rng = plan.rng("products")
    base = rng.integers(900, 9_000, N_PRODUCTS) * 1.0
    margin = rng.uniform(0.28, 0.46, N_PRODUCTS)
    first_year = int(month_index(plan.start)) // 12 + 1970
    years = 2027 - first_year
    inflation = np.cumprod(np.r_[1.0, 1 + rng.uniform(0.03, 0.07, years - 1)])
    list_cents = np.rint(inflation[:, None] * base / 10).astype(np.int64) * 10
    list_cents = np.c_[list_cents, np.full(years, 18_000)]  # freight has one price
    first_month = int(month_index(plan.start)) - 1
    months = np.arange(first_month, int(month_index(plan.end)))
    year = months // 12 + 1970
    year_row = np.clip(year - first_year, 0, None)
    drift = 1 + rng.normal(0, 0.015, (len(months), 1, 1)) + rng.normal(0, 0.01, (1, 2, N_PRODUCTS))
    cost = list_cents[year_row][:, None, :N_PRODUCTS] * (1 - margin) * drift
    days = np.arange(plan.start - 40, plan.end + 1)
    rate = 5.2 * np.exp(np.cumsum(rng.normal(0, 0.004, len(days))) * 0.5)
    rate_units = np.rint(np.clip(rate, 4.6, 6.2) * 10_000).astype(np.int64)
    business = next_business(days) == days
    last = np.maximum.accumulate(np.where(business, np.arange(len(days)), 0))
    return Catalogue(
        list_cents=list_cents,
        first_year=first_year,
        cost_units=np.rint(cost * 100).astype(np.int64),
        first_month=first_month,
        weight_grams=rng.integers(2_000, 14_000, N_PRODUCTS),
        rate_units=rate_units[last],
        first_day=int(days[0]),
    )
