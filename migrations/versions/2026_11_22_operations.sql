-- Search: words of roles, people, policies and proposals; and the newest of many versions of one team.
create index ix_role_version_words on role_version using gin (to_tsvector('dutch', plain(name || ' ' || purpose)));
create index ix_role_item_words on role_item using gin (to_tsvector('dutch', plain(text)));
create index ix_role_item_alike on role_item using gin (plain(text) gin_trgm_ops);
create index ix_person_words on person using gin (to_tsvector('simple', plain(name)));
create index ix_person_order on person (name, id);
create index ix_team_version_words on team_version using gin (to_tsvector('dutch', plain(name || ' ' || purpose)));
create index ix_team_version_alike on team_version using gin (plain(name) gin_trgm_ops);
create index ix_policy_version_words on policy_version using gin (to_tsvector('dutch', plain(title || ' ' || text)));
create index ix_tension_words on tension using gin (to_tsvector('dutch', plain(text || ' ' || example)));
create index ix_proposal_version_words on proposal_version using gin (jsonb_to_tsvector('dutch', changes, '["string"]'));
create index ix_decision_words on decision using gin (to_tsvector('dutch', plain(power_title || ' ' || coalesce(subject, ''))));
create index ix_power_grant_number on power_grant (plain(number) text_pattern_ops);
-- A moment's version, where ten years of weekly versions lie: by role, day and knowledge at once.
create index ix_role_version_team on role_version (team_id) include (role_id);
create index ix_role_item_holds on role_item using gist (role_id, valid, recorded);
drop index ix_role_item_role;
-- A GiST over role and person looks cheap for either alone, and reads all of it for a person. As one value it only guards, and
-- each of the two has an index that finds it.
alter table role_filling drop constraint role_filling_role_id_person_id_valid_recorded_excl,
  add constraint role_filling_role_id_person_id_valid_recorded_excl
    exclude using gist ((role_id::text || person_id::text) with =, valid with &&, recorded with &&);
create index ix_role_filling_role on role_filling (role_id);
