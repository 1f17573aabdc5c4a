"""A mock interview: what is asked, what was answered, and what comes of it.

``plan`` draws the questions, ``follow_ups`` makes more of them from the answers, ``session`` is
the interview as it goes on, ``judge`` says how good an answer is, ``report`` sums up.  All of that
is pure; ``store`` keeps an interview in a file.
"""
