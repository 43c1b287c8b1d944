"""Case conferences that prepare the decision about a referral."""
