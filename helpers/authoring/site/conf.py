"""Sphinx's configuration for the site. The pages are made by __main__.py; see the README's part for developers."""

project = "Losses and metrics in Keras"
author = "the authors of the workbook"
copyright = ""
html_show_copyright = html_show_sphinx = False
extensions = ["myst_nb", "sphinx.ext.githubpages", "helpers.authoring.site.mathml"]
exclude_patterns = []
nitpicky = True

# the notebooks are built, with outputs: nothing is run here
nb_execution_mode = "off"
nb_code_prompt_show = "Show what comes out"
nb_code_prompt_hide = "Hide what comes out"
nb_merge_streams = True
nb_ipywidgets_js = {}  # no live widget on the site: forms and figures of its own stand in their place
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
html_math_renderer = "mathml"

html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = [("practice.js", {"defer": "defer"})]
html_favicon = "static/favicon.svg"
html_copy_source = False
html_use_index = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
