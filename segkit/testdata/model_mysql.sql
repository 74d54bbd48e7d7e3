WITH
step0 AS ( -- customers as they are
  SELECT `id` AS id,
    CASE WHEN NOT ABS(CAST(`orders` AS DOUBLE)) <= CAST(1.7976931348623157e+308 AS DOUBLE) THEN 0 WHEN NOT ABS(CAST(`basket` AS DOUBLE)) <= CAST(1.7976931348623157e+308 AS DOUBLE) THEN 0 ELSE 1 END AS seen,
    CAST(`orders` AS DOUBLE) AS c1,
    CAST(`basket` AS DOUBLE) AS c2
  FROM `crm`.`customers`
),
step1 AS ( -- Log1p
  SELECT id,
    seen,
    CASE WHEN c1 > -1 THEN LN(1 + c1) END AS c1,
    CASE WHEN c2 > -1 THEN LN(1 + c2) END AS c2
  FROM step0
),
step2 AS ( -- Standardize
  SELECT id,
    seen,
    (c1 - CAST(1.8041905595488914e+00 AS DOUBLE)) / CAST(9.343582574669409e-01 AS DOUBLE) AS c1,
    (c2 - CAST(3.965742138334012e+00 AS DOUBLE)) / CAST(2.9847507229479714e-01 AS DOUBLE) AS c2
  FROM step1
),
step3 AS ( -- Snap
  SELECT id,
    seen,
    FLOOR(c1 * CAST(1048576 AS DOUBLE) + CAST(5e-01 AS DOUBLE)) / CAST(1048576 AS DOUBLE) AS c1,
    FLOOR(c2 * CAST(1048576 AS DOUBLE) + CAST(5e-01 AS DOUBLE)) / CAST(1048576 AS DOUBLE) AS c2
  FROM step2
),
step4 AS ( -- values that can be squared
  SELECT id,
    seen,
    CASE WHEN ABS(c1) <= CAST(1e+140 AS DOUBLE) THEN c1 END AS c1,
    CASE WHEN ABS(c2) <= CAST(1e+140 AS DOUBLE) THEN c2 END AS c2
  FROM step3
),
step5 AS ( -- squared distance to every centre
  SELECT id,
    seen,
    (c1 - CAST(-7.683475812276205e-01 AS DOUBLE)) * (c1 - CAST(-7.683475812276205e-01 AS DOUBLE)) + (c2 - CAST(-8.05010191599528e-01 AS DOUBLE)) * (c2 - CAST(-8.05010191599528e-01 AS DOUBLE)) AS d1,
    (c1 - CAST(1.3914337158203124e-01 AS DOUBLE)) * (c1 - CAST(1.3914337158203124e-01 AS DOUBLE)) + (c2 - CAST(3.7276401519775393e-01 AS DOUBLE)) * (c2 - CAST(3.7276401519775393e-01 AS DOUBLE)) AS d2,
    (c1 - CAST(2.0267562866210938e+00 AS DOUBLE)) * (c1 - CAST(2.0267562866210938e+00 AS DOUBLE)) + (c2 - CAST(1.6695022583007812e+00 AS DOUBLE)) * (c2 - CAST(1.6695022583007812e+00 AS DOUBLE)) AS d3
  FROM step4
),
step6 AS ( -- the nearest centre, the first of equals
  SELECT id,
    seen,
    d1,
    d2,
    d3,
    CASE WHEN seen = 1 AND d1 IS NOT NULL THEN CASE WHEN d1 <= d2 AND d1 <= d3 THEN 0 WHEN d2 <= d3 THEN 1 ELSE 2 END END AS nearest
  FROM step5
),
step7 AS ( -- its squared distance, and that of the next
  SELECT id,
    seen,
    nearest,
    CASE nearest WHEN 0 THEN d1 WHEN 1 THEN d2 WHEN 2 THEN d3 END AS nearest2,
    CASE nearest WHEN 0 THEN CASE WHEN d2 <= d3 THEN d2 ELSE d3 END WHEN 1 THEN CASE WHEN d1 <= d3 THEN d1 ELSE d3 END WHEN 2 THEN CASE WHEN d1 <= d2 THEN d1 ELSE d2 END END AS next2
  FROM step6
)
SELECT id AS `id`,
  CASE nearest
    WHEN 0 THEN 'L\'élite'
    WHEN 1 THEN 'Frequent, high basket 1'
    WHEN 2 THEN 'Frequent, high basket 2'
  END AS segment,
  SQRT(nearest2) AS distance,
  CASE WHEN next2 > 0 THEN 1 - SQRT(nearest2 / next2) WHEN next2 = 0 THEN CAST(0 AS DOUBLE) END AS margin
FROM step7
