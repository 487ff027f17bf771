"""Work on offer: posted, claimed, handed back, finished."""
