-- The ledger: leaves, tree nodes, signed heads, witnesses.
select 1;
