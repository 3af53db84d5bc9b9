"""The field under an exercise: it checks an answer in the browser and says what `check` says."""
