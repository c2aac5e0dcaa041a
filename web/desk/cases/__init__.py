"""Fall: everything about one person on one page, and the forms that change it."""

from web.desk.cases.blueprint import blueprint as blueprint

from web.desk.cases import pages as pages  # isort: skip  (its pages register with the blueprint)
