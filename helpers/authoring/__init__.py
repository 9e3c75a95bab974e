"""From a notebook's source to its learner and solution editions. No notebook imports this."""
