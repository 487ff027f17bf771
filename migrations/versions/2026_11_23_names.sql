-- The spellings of one case, and of one other party, have one key: as `teams.mandates.same` makes it. Immutable so that an index can stand on it.
create or replace function name_words(value text, silent text) returns text language sql immutable strict parallel safe
  return btrim(regexp_replace(regexp_replace(
    normalize(casefold(normalize(value, nfkd) collate pg_catalog.pg_unicode_fast), nfkd),
    silent, '', 'g'), '[\u0001-/:-`{-\u00bf\u0300-\u036f\u2000-\u206f]+', ' ', 'g'), ' ');

create or replace function case_key(value text) returns text language sql immutable strict parallel safe
  return coalesce(nullif(public.name_words(value, '[''\u2019\u0300-\u036f]+'), ''), value);

create or replace function party_key(value text) returns text language sql immutable strict parallel safe
  return coalesce(nullif(replace(regexp_replace(public.name_words(value, '[.''\u2019\u0300-\u036f]+'), '( (b ?v|n ?v|c ?v|v ?o ?f))+$', ''), ' ', ''), ''), value);
