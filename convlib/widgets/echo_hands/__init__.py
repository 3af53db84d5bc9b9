"""The echo table with a turning input; a column of hands adds up to a turned, scaled hand."""
