"""The workbook as a web site, made from the built notebooks: `python -m helpers.authoring.site`. Nothing is run."""
