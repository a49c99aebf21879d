"""The corpus beyond the survey: bulk bibliographic files mapped to the graph's statements on Apache Spark."""
