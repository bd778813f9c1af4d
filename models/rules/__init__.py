"""The rules of the contract, one module a family, and what they share. `models.check` runs them."""
