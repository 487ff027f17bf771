-- Ways to hand out places: selection, lots, waiting lists, team claims, consent.
select 1;
