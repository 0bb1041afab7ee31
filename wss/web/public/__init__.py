"""The rooms everybody may enter without signing in."""
