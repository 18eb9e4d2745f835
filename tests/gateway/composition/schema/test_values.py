"""Literals against types."""

import pytest
from graphql import parse_type, parse_value

from gateway.composition.schema.literal import read_literal
from gateway.composition.schema.model import (
    Default,
    Element,
    EnumType,
    InputType,
    InputValue,
    Schema,
)
from gateway.composition.schema.type_ref import read_type_ref
from gateway.composition.schema.values import is_value_of


def value(name: str, type: str, default: Default | None = None) -> InputValue:
    return InputValue(name=name, type=read_type_ref(parse_type(type)), default=default)


SCHEMA = Schema(
    types={
        "Size": EnumType(name="Size", values={"S": Element(name="S")}),
        "Box": InputType(
            name="Box",
            fields={
                "size": value("size", "Size!"),
                "count": value("count", "Int!", Default(1)),
                "inner": value("inner", "Box"),
            },
        ),
    },
    directives={},
)


def fits(literal: str, type: str) -> bool:
    ref = read_type_ref(parse_type(type))
    return is_value_of(SCHEMA, read_literal(parse_value(literal)), ref)


@pytest.mark.parametrize(
    ("literal", "type"),
    [
        ("1", "Int"),
        ("-2147483648", "Int!"),
        ("1", "Float"),
        ("1.5", "Float"),
        ('"a"', "String"),
        ('"a"', "ID"),
        ("1", "ID"),
        ("true", "Boolean"),
        ("null", "Int"),
        ("1", "[Int!]!"),
        ("[1, null]", "[Int]"),
        ("[[1], null]", "[[Int]]"),
        ("S", "Size"),
        ("{size: S}", "Box"),
        ("{size: S, count: 2, inner: {size: S}}", "Box"),
        ("{anything: [1]}", "Json"),
    ],
)
def test_a_value_of_the_type(literal: str, type: str) -> None:
    assert fits(literal, type)


@pytest.mark.parametrize(
    ("literal", "type"),
    [
        ('"1"', "Int"),
        ("2147483648", "Int"),
        ("true", "Int"),
        ("1.5", "Int"),
        ("true", "Float"),
        ("1", "String"),
        ("1.5", "ID"),
        ("1", "Boolean"),
        ("null", "Int!"),
        ("[null]", "[Int!]"),
        ("null", "[Int]!"),
        ("M", "Size"),
        ('"S"', "Size"),
        ("{}", "Box"),
        ("{size: null}", "Box"),
        ("{size: S, colour: 1}", "Box"),
        ("{size: S, inner: {size: M}}", "Box"),
        ("S", "Box"),
    ],
)
def test_no_value_of_the_type(literal: str, type: str) -> None:
    assert not fits(literal, type)
