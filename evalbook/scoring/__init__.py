"""Scoring: the self-evaluation computed by official frameworks, as far as the evidence carries.

``rules`` are the ways of scoring, ``doubts`` and ``evidence`` say what is known, ``scorecard`` puts them together,
``findings`` says what is wrong with a scorecard, ``evaluation`` does all of it for a year.
"""
