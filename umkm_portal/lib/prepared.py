"""Querysets compiled once and run many times, each time for other keys; and several run in one statement.

Building and compiling a queryset costs Django about a millisecond, five times what the database needs for
fifty rows. A public page reads the same few statements over and over; only the keys differ.
"""

from django.core.exceptions import EmptyResultSet
from django.db import connections

ONE = -987_654_321  # stands for the keys while the statement is compiled


class Prepared:
    """The rows of a `values_list` queryset for some keys.

    `build(keys)` gives the queryset and must use `keys` in exactly one `…__in` filter, on a plain number.
    """

    def __init__(self, build):
        self.build = build
        self._compiled = {}

    def __call__(self, keys, using="default"):
        """Rows (tuples) for `keys`, a list of numbers; [] for none."""
        if not keys:
            return []
        connection = connections[using]
        head, tail, params, at, converters = self._statement(connection)
        sql = f"{head}IN ({', '.join(['%s'] * len(keys))}){tail}"
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params[:at], *keys, *params[at + 1 :]])
            rows = cursor.fetchall()
        return [_converted(row, converters, connection) for row in rows] if converters else rows

    def _statement(self, connection):
        if connection.alias not in self._compiled:
            compiler = self.build([ONE]).query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            head, found, tail = sql.partition("IN (%s)")
            if not found or "IN (%s)" in tail or list(params).count(ONE) != 1:
                raise ValueError("a prepared queryset filters by its keys exactly once")
            converters = compiler.get_converters([expression for expression, _sql, _alias in compiler.select])
            params = list(params)
            self._compiled[connection.alias] = (
                head,
                tail,
                params,
                params.index(ONE),
                list(converters.items()),
            )
        return self._compiled[connection.alias]


def rows_of_all(querysets, using="default"):
    """[rows] of several `values_list` querysets of the same columns, limited or not, in one statement.

    Django's own union refuses limits on SQLite. For columns that need no conversion (numbers, text). A
    queryset that can find nothing gives [] and is not asked.
    """
    connection = connections[using]
    found, parts, params = [[] for _each in querysets], [], []
    for number, queryset in enumerate(querysets):
        try:
            sql, given = queryset.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT {number}, part{number}.* FROM ({sql}) AS part{number}")
        params.extend(given)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            for number, *row in cursor.fetchall():
                found[number].append(tuple(row))
    return found


def _converted(row, converters, connection):
    """A row as Django would give it; by this thread's connection, whoever compiled the statement."""
    row = list(row)
    for at, (functions, expression) in converters:
        for function in functions:
            row[at] = function(row[at], expression, connection)
    return row
