; Theorem kill-switch-latch
;
; After the kill switch was engaged it stays engaged whatever happens, until an operator
; lifts it.
;
; Written by `assay prove --export`. Each query looks for a counterexample on one
; path; expected answer to every check-sat: unsat. Amounts are in steps of 1e-8.
; Limits are variables within the house's bounds.
(set-option :reproducible-resource-limit 20000000)
(set-logic QF_LIA)
(declare-const isEngaged Bool)
(define-fun t1 () Bool (or (not isEngaged) isEngaged))
(push 1)
; killSwitch(other), path 1: other
(assert (not (and t1 t1)))
(check-sat)
(pop 1)
