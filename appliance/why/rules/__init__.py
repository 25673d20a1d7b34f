"""The rules by what they look at; each function takes a View and tells what it finds. Listed in why.registry."""
