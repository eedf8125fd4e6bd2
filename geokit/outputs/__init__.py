"""The page, the report and the notebook map: they draw and write what a study found, and compute nothing."""
