"""How somebody comes into the house: outreach, referral, search before create, waiting list, admission, duplicates."""
