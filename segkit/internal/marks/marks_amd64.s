#include "textflag.h"

// func findAVX2(data *byte, words int, separator byte, out *words) (high, zero uint64)
TEXT ·findAVX2(SB), NOSPLIT, $0-48
	MOVQ         data+0(FP), SI
	MOVQ         words+8(FP), CX
	MOVBLZX      separator+16(FP), AX
	MOVQ         out+24(FP), DI
	VMOVD        AX, X0
	VPBROADCASTB X0, Y0
	MOVL         $10, AX
	VMOVD        AX, X1
	VPBROADCASTB X1, Y1
	MOVL         $34, AX
	VMOVD        AX, X2
	VPBROADCASTB X2, Y2
	VPXOR        Y8, Y8, Y8
	VPCMPEQB     Y9, Y9, Y9

word:
	VMOVDQU   (SI), Y3
	VMOVDQU   32(SI), Y4
	VPOR      Y3, Y8, Y8
	VPOR      Y4, Y8, Y8
	VPMINUB   Y3, Y9, Y9
	VPMINUB   Y4, Y9, Y9
	VPCMPEQB  Y2, Y3, Y5
	VPMOVMSKB Y5, R12
	VPCMPEQB  Y1, Y3, Y6
	VPMOVMSKB Y6, R10
	VPCMPEQB  Y0, Y3, Y7
	VPOR      Y6, Y7, Y7
	VPMOVMSKB Y7, R8
	VPCMPEQB  Y2, Y4, Y5
	VPMOVMSKB Y5, R13
	VPCMPEQB  Y1, Y4, Y6
	VPMOVMSKB Y6, R11
	VPCMPEQB  Y0, Y4, Y7
	VPOR      Y6, Y7, Y7
	VPMOVMSKB Y7, R9
	SHLQ      $32, R9
	ORQ       R9, R8
	SHLQ      $32, R11
	ORQ       R11, R10
	SHLQ      $32, R13
	ORQ       R13, R12
	MOVQ      R8, (DI)
	MOVQ      R10, 8(DI)
	MOVQ      R12, 16(DI)
	ADDQ      $64, SI
	ADDQ      $24, DI
	DECQ      CX
	JNZ       word
	VPMOVMSKB Y8, AX
	MOVQ      AX, high+32(FP)
	VPXOR     Y8, Y8, Y8
	VPCMPEQB  Y8, Y9, Y9
	VPMOVMSKB Y9, AX
	MOVQ      AX, zero+40(FP)
	VZEROUPPER
	RET
