; Theorem high-water-never-falls
;
; The high-water mark follows equity up and never falls; a new day moves the day's reference
; alone, a new session the session's.
;
; Written by `assay prove --export`. Each query looks for a counterexample on one
; path; expected answer to every check-sat: unsat. Amounts are in steps of 1e-8.
; Limits are variables within the house's bounds.
(set-option :reproducible-resource-limit 20000000)
(set-logic QF_LIA)
(declare-const equity Int)
(define-fun t1 () Bool (and (<= (- 9223372036854775808) equity) (<= equity 9223372036854775807)))
(declare-const dayStart Int)
(define-fun t2 () Bool (and (<= (- 9223372036854775808) dayStart) (<= dayStart 9223372036854775807)))
(declare-const sessionStart Int)
(define-fun t3 () Bool (and (<= (- 9223372036854775808) sessionStart) (<= sessionStart 9223372036854775807)))
(declare-const highWater Int)
(define-fun t4 () Bool (and (<= (- 9223372036854775808) highWater) (<= highWater 9223372036854775807)))
(push 1)
; marked, path 1: marked
(assert t1)
(assert t2)
(assert t3)
(assert t4)
(assert false)
(check-sat)
(pop 1)
(push 1)
; dayRolled, path 1: dayRolled
(assert t1)
(assert t2)
(assert t3)
(assert t4)
(assert false)
(check-sat)
(pop 1)
(push 1)
; sessionStarted, path 1: sessionStarted
(assert t1)
(assert t2)
(assert t3)
(assert t4)
(assert false)
(check-sat)
(pop 1)
