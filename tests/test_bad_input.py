"""The catalogue of bad input: each of its 40 rows has a test that exists, or a reason why nothing can come in there."""

import re

import pytest

from tests.test_asvs import ROOT, fault

API, WEB, TABLES = "tests/api/test_problemen.py::", "tests/web/", "tests/exchange/test_tables.py::"
ROWS: dict[int, tuple[str, ...]] = {
    1: (f"{API}test_bad_input",),
    2: (f"{API}test_bad_input",),
    3: (f"{API}test_bad_input",),
    4: (f"{API}test_bad_input",),
    5: (f"{API}test_bad_input",),
    6: (f"{API}test_a_field_that_is_wrong_is_named",),
    7: (f"{API}test_bad_input",),
    8: (f"{API}test_bad_input", f"{API}test_row_8_a_slow_body_is_stopped", f"{API}test_row_8_an_endless_body_is_stopped"),
    9: (f"{API}test_bad_input", "tests/test_fuzzing.py::test_row_9_as_many_fields_as_the_gate_lets_through_are_read"),
    10: (f"{API}test_bad_input",),
    11: (f"{API}test_rows_11_and_18_head_override_and_foreign_hosts", f"{WEB}test_access.py::test_other_methods_are_refused_without_a_fault"),
    12: (f"{WEB}test_inloggen.py::test_logging_in_gives_a_new_session_id",),
    13: (f"{WEB}test_inloggen.py::test_the_old_cookie_is_dead_after_log_out", "tests/exchange/test_leaver.py::test_nothing_is_left_and_all_in_one_transaction"),
    14: (f"{WEB}test_inloggen.py::test_a_form_needs_the_token_of_its_own_session", f"{WEB}test_hardening.py::test_a_refused_right_is_a_warning_in_the_log"),
    15: ("tests/auth/test_oidc.py::test_row_15_a_state_of_another_browser_or_time", "tests/auth/test_oidc.py::test_row_15_an_attempt_comes_back_once"),
    16: ("tests/auth/test_oidc.py::test_row_16_tokens_that_are_not_believed", "tests/auth/test_oidc.py::test_row_16_a_flood_of_unknown_keys_fetches_once_a_minute"),
    17: (f"{WEB}test_inloggen.py::test_next_never_leaves_the_site", "tests/auth/test_oidc.py::test_row_17_the_goal_stays_inside"),
    18: ("tests/test_measures.py::test_row_18_only_a_known_proxy_says_who_asked", "tests/test_measures.py::test_row_18_another_host_is_refused"),
    19: (f"{WEB}test_access.py::test_foreign_ids_do_not_exist_and_change_nothing",),
    20: (f"{WEB}test_access.py::test_mass_assignment_is_refused", f"{API}test_bad_input"),
    21: ("tests/klussen/test_rules.py::test_each_reason_alone",),
    22: (f"{API}test_row_22_a_closed_account_is_out_at_once",),
    23: (f"{WEB}test_klussen.py::test_R8_a_stale_form_is_refused_and_keeps_its_text", "tests/web/test_since.py::test_row_23_a_klus"),
    24: ("tests/exchange/test_import_organisation.py::test_rows_24_to_34_are_named_by_their_place", "tests/exchange/test_import_organisation.py::test_row_24_a_thousand_deep_is_refused", "tests/mandates/test_check.py::test_row_24_nobody_gets_back_what_they_gave_on"),
    25: (f"{TABLES}test_row_25_days_that_are_none", f"{API}test_a_field_that_is_wrong_is_named"),
    26: ("tests/test_fuzzing.py::test_row_26_an_amount_is_exact_or_refused", f"{TABLES}test_row_26_hours_that_are_none"),
    27: (f"{API}test_row_27_text_is_text", f"{TABLES}test_rows_27_and_30_text_stays_text"),
    29: (f"{TABLES}test_row_29_hidden_directions_go_and_endless_accents_are_refused", f"{API}test_a_field_that_is_wrong_is_named"),
    30: (f"{TABLES}test_rows_27_and_30_text_stays_text", f"{API}test_bad_input"),
    31: (f"{API}test_row_31_signs_in_a_search_are_signs",),
    32: (f"{API}test_bad_input",),
    33: (f"{WEB}test_hardening.py::test_row_33_no_writer_of_a_table_lets_a_formula_through", f"{TABLES}test_row_33_a_formula_is_no_text"),
    34: (f"{TABLES}test_row_34_workbooks_that_could_hurt", f"{TABLES}test_row_34_files_that_are_not_whole", "tests/test_fuzzing.py::test_row_34_an_import_file_is_read_or_its_place_is_named"),
    35: ("tests/notices/test_mail.py::test_nothing_that_people_type_gets_into_a_header", "tests/notices/test_mail.py::test_an_address_in_another_script_is_written_as_the_net_wants_it", "tests/notices/test_mail.py::test_row_35_an_encoded_word_in_a_name_is_text"),
    36: (f"{WEB}test_hardening.py::test_row_36_text_stays_in_its_field_of_a_calendar",),
    37: (f"{WEB}test_hardening.py::test_row_37_text_in_a_pdf_is_printed_and_fetches_nothing",),
    38: ("tests/test_ways_out.py::test_only_these_files_call_out", "tests/test_ways_out.py::test_the_log_in_service_does_not_send_us_elsewhere", "tests/test_ways_out.py::test_a_service_over_tls_names_no_place_without_it", "tests/test_ways_out.py::test_row_38_a_service_names_no_place_inside"),
    39: ("tests/api/test_scim.py::test_Entra_takes_a_member_out_with_a_value", "tests/api/test_scim.py::test_bad_input_is_a_scim_error", "tests/api/test_scim.py::test_a_token_is_changed_without_a_gap_and_a_wrong_one_is_slowed"),
    40: (f"{WEB}test_hardening.py::test_row_40_a_log_line_is_one_line", f"{WEB}test_hardening.py::test_row_40_too_many_tries_say_when_to_come_back"),
}  # fmt: skip
NOTHING = {28: "Text is text: no Markdown is read anywhere."}


@pytest.mark.parametrize("row", range(1, 41))
def test_every_row_has_its_test(row: int) -> None:
    assert (row in ROWS) != (row in NOTHING)
    assert [ground for ground in ROWS.get(row, ()) if fault({"bewijs": ground, "soort": "test"})] == []


def test_row_28_no_markdown_is_read() -> None:
    """Were it, its row would need a test: no module turns text into HTML, and a template trusts its own words only."""
    for path in (ROOT / "src").rglob("*.py"):
        assert not re.search(
            r"^\s*(import|from) (markdown|mistune|commonmark|cmark|bleach|nh3)", path.read_text("utf-8"), re.M
        )
    for path in (ROOT / "templates").rglob("*.html"):
        assert not re.findall(r"[^\"'\s]\s*\|\s*safe\b", path.read_text("utf-8")), path.name
