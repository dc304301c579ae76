"""The columns that the facts of a dossier are read from, and the flags they become."""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "dossier_code": "string",
        "unit_code": "string",
        "procedure_code": "string",
        "officer_code": "string",
        "officer_named": "boolean",
        "channel": "int8",
        "received_at": "timestamp",
        "due_at": "timestamp",
        "limit_due_at": "timestamp",
        "resolved_at": "timestamp",
        "returned_at": "timestamp",
        "refused_at": "timestamp",
        "stopped_at": "timestamp",
        "withdrawn_at": "timestamp",
        "supplement_requests": "int16",
        "supplement_seconds": "int64",
        "supplement_waiting_since": "timestamp",
        "result_required": "boolean",
        "has_component_file": "boolean",
        "has_result_file": "boolean",
        "has_reused_component": "boolean",
        "from_personal_store": "boolean",
        "result_in_catalogue": "boolean",
        "uses_population_data": "boolean",
        "fee_bearing": "boolean",
        "has_fee_data": "boolean",
        "fees_all_zero": "boolean",
        "payment_place": "int8",
        "is_synced": "boolean",
        "is_disliked": "boolean",
        "has_petition": "boolean",
    }
)
"""The columns of ``dossiers`` that the facts read, and their types; a source that lacks one gets it as unknown."""

POLARS_TYPES: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "string": pl.String(),
        "boolean": pl.Boolean(),
        "int8": pl.Int8(),
        "int16": pl.Int16(),
        "int64": pl.Int64(),
        "timestamp": pl.Datetime("us"),
    }
)
"""The types of the columns in Polars."""

COUNTED = (
    "is_online",
    "is_postal",
    "is_online_counted",
    "is_synced",
    "is_result_required",
    "has_electronic_result",
    "is_digitised",
    "is_reused",
    "is_shared",
    "has_population_data",
    "is_fee_due",
    "is_paid_online",
    "is_due_unknown",
    "is_late",
    "is_online_late",
    "is_unsatisfied",
)
"""The facts that are counted, in the order of their bits when packed: two bytes of them."""

FLAGS = (*COUNTED, "is_complained", "has_fee_amount", "has_online_payment")
"""The bits when packed: what is counted, then what only says something about open dossiers or procedures."""
