"""The planning room (Planungswerkstatt): where the network breaks, what a seat saves, what a change does.

Every answer is a list of figure tables with a lead in words; the command line, the report page, CSV and
JSON show the same.
"""
