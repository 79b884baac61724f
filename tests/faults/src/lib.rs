//! Plants faults in the program, one at a time: the exactness test must see each of them.
