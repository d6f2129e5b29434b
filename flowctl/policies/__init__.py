"""Rules of policies: what they look at, which of them a plan breaks, and what is waived."""
