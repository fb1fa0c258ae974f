"""Campaigns of lemmacheck on a Dask cluster: workers run the program on blocks, the store is written here."""
