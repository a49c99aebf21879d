"""Pictures of saved queries' answers: their data, their drawing as SVG, and their description in Vega-Lite."""
